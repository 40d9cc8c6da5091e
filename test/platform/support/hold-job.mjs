// A worker that takes a job, says so, and never gets done with it, so that a test can kill it. Its argument says on what.
import { createPostgresBackend, Worker, withBackend } from 'bullmq';

const { connection, prefix } = JSON.parse(process.argv[2]);
const Backed = connection.connectionString ? withBackend(createPostgresBackend).Worker : Worker;

const worker = new Backed(
  'clawtank',
  (job) => {
    if (job.name !== 'send-hook') return; // the regular jobs
    process.send('taken');
    return new Promise(() => undefined);
  },
  { connection, lockDuration: 2000, ...(prefix && { prefix }) },
);
worker.on('error', (error) => console.error(error));
