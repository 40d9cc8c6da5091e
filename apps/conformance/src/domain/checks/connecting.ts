import { type Check, failed, firstComplaint, notShown, unless, type Verdict } from '../check.js';
import type { Entry } from '../entry.js';
import type { Recording } from '../recording.js';

const BACK_MS = 20_000;
/** Faster than this is not waiting. */
const SHORTEST_WAIT_MS = 100;
/** Delays that differ from each other by no more than this, however often they were doubled, were not left to chance. */
const CHANCE = 0.04;

const processes = (recording: Recording): number[] => [
  ...new Set(recording.of('started').map(({ process }) => process)),
];

const instancesOf = (recording: Recording, process: number): unknown[] =>
  recording
    .asked('agent_register')
    .filter((entry) => entry.process === process)
    .map(({ request }) => request['instance']);

/** When the agent was registered again after this, on another line; null if it was not while it ran. */
function backAfter(recording: Recording, entry: Entry): number | null {
  const back = recording
    .after(entry)
    .accepted('agent_register')
    .find(({ process, fate }) => process === entry.process && fate === 'delivered');
  return back ? back.at - entry.at : null;
}

function cameBack(recording: Recording, from: readonly Entry[], after: string): Verdict {
  if (from.length === 0) {
    return notShown(`The agent was never connected to be there ${after}`);
  }
  return unless(
    firstComplaint(from, (entry) => {
      const took = backAfter(recording, entry);
      return took === null
        ? `It was not registered again ${after}`
        : took > BACK_MS && `It took ${Math.round(took / 1000)} seconds until it was registered again ${after}`;
    }),
  );
}

/** How long the agent waited with its first attempt after each time that it lost the line or was not let in. */
function delays(recording: Recording): number[] {
  const ends = recording.entries.filter(
    (entry) => (entry.kind === 'closed' && entry.by !== 'agent') || (entry.kind === 'attempt' && !entry.letIn),
  );
  return ends.flatMap((end) => {
    const next = recording.after(end).entries.find(({ kind }) => kind === 'attempt' || kind === 'started');
    return next?.kind === 'attempt' ? next.at - end.at : [];
  });
}

/** Whether two delays are the same one, doubled or halved any number of times. */
function isSameStep(one: number, other: number): boolean {
  const doublings = Math.log2(Math.max(one, 1) / Math.max(other, 1));
  return Math.abs(doublings - Math.round(doublings)) < CHANCE;
}

function staysAway(recording: Recording, from: Entry | undefined, why: string): Verdict {
  const watched = from && recording.after(from).deed('watchedFor');
  if (!watched) {
    return notShown(`The agent was not connected when it was to be ${why}`);
  }
  const attempts = recording.after(from).before(watched).of('attempt').length;
  return unless(attempts > 0 && `It tried to connect ${attempts} times after it was ${why}`);
}

export const CONNECTING: readonly Check[] = [
  {
    id: 'connecting.token-in-handshake',
    level: 'must',
    promise: 'Gives its token in the handshake, and puts it into no address.',
    source: 'docs/protocol.md, Connecting',
    judge(recording) {
      const { token } = recording.subject;
      const handshakes = recording.of('handshake');
      const addresses = [...recording.of('attempt'), ...recording.of('git')].map(({ url }) => decodeURIComponent(url));
      if (addresses.some((url) => url.includes(token))) {
        return failed('Its token is in an address that it asked for');
      }
      return handshakes.length === 0
        ? notShown('The agent never connected')
        : unless(handshakes.some(({ hasToken }) => !hasToken) && 'A handshake of it held no token');
    },
  },
  {
    id: 'connecting.registers-first',
    level: 'must',
    promise: 'Registers before anything else, on every connection.',
    source: 'docs/protocol.md, agent_register',
    judge(recording) {
      const firsts = recording.lines().flatMap((line) => recording.onLine(line).asked()[0] ?? []);
      if (firsts.length === 0) {
        return recording.of('started').length === 0
          ? notShown('The agent was never started')
          : failed('It never registered');
      }
      return unless(
        firstComplaint(
          firsts,
          ({ line, name }) => name !== 'agent_register' && `On connection ${line} it sent ${name} first`,
        ),
      );
    },
  },
  {
    id: 'connecting.registers-once',
    level: 'must',
    promise: 'Registers once for each connection.',
    source: 'docs/protocol.md, agent_register',
    judge(recording) {
      const counts = recording
        .lines()
        .map((line) => ({ line, count: recording.onLine(line).asked('agent_register').length }));
      return counts.every(({ count }) => count === 0)
        ? notShown('The agent never registered')
        : unless(
            firstComplaint(
              counts,
              ({ line, count }) => count > 1 && `It registered ${count} times on connection ${line}`,
            ),
          );
    },
  },
  {
    id: 'connecting.names-its-run',
    level: 'must',
    promise: 'Names its run, and names it the same on every connection of that run.',
    source: 'docs/protocol.md, agent_register: instance',
    judge(recording) {
      const runs = processes(recording).map((process) => instancesOf(recording, process));
      if (!runs.some((instances) => instances.length > 1)) {
        return notShown('No run of the agent registered more than once');
      }
      return unless(
        firstComplaint(runs, (instances) =>
          instances.some((instance) => typeof instance !== 'string' || instance === 'default' || instance === '')
            ? 'It registered without the name of an instance'
            : new Set(instances).size > 1 && 'One run of it called itself by different names',
        ),
      );
    },
  },
  {
    id: 'connecting.another-run-another-name',
    level: 'should',
    promise: 'Names another run differently, so that the older one can be told that it is replaced.',
    source: 'docs/protocol.md, agent_register: instance',
    judge(recording) {
      const names = processes(recording).flatMap((process) => instancesOf(recording, process)[0] ?? []);
      return names.length < 2
        ? notShown('The agent was not started twice')
        : unless(new Set(names).size < names.length && 'Two runs of it called themselves the same');
    },
  },
  {
    id: 'connecting.sends-nothing-unregistered',
    level: 'must',
    promise: 'Sends nothing, and sends nothing again, before its registration is answered.',
    source: 'AGENT-EDGES §6.2, reconnect',
    judge(recording) {
      const lines = recording.lines().filter((line) => recording.onLine(line).asked().length > 0);
      return lines.length === 0
        ? notShown('The agent asked nothing')
        : unless(
            firstComplaint(lines, (line) => {
              const onLine = recording.onLine(line);
              const registered = onLine.answered('agent_register')[0];
              const early = (registered ? onLine.before(registered) : onLine).asked();
              const [found] = early.filter(({ name }) => name !== 'agent_register');
              return found && `On connection ${line} it sent ${found.name} before it was registered`;
            }),
          );
    },
  },
  {
    id: 'connecting.returns-after-a-cut',
    level: 'must',
    promise: 'Comes back within 20 seconds after its line was cut without a word.',
    source: 'docs/protocol.md, Connecting; AGENT-EDGES §6.2, disconnect',
    judge(recording) {
      const cuts = recording.during('cut in the middle', 'interruptions', 'no answer');
      const ends = cuts
        .deeds('cut')
        .map((cut) => cuts.after(cut).deed('letConnectAgain') ?? cut)
        .filter((end) => {
          const since = cuts.after(end);
          const back = since.accepted('agent_register')[0];
          // Where it was refused first, that is another promise's business.
          return !(back ? since.before(back) : since).deed('refusedHandshake');
        });
      return cameBack(recording, ends, 'after a cut');
    },
  },
  {
    id: 'connecting.returns-after-the-server-closed',
    level: 'must',
    promise: 'Comes back after the server ended the connection.',
    source: 'AGENT-EDGES §6.2, disconnect',
    judge: (recording) =>
      cameBack(recording, recording.deeds('closedByServer'), 'after the server ended the connection'),
  },
  {
    id: 'connecting.returns-after-a-passing-refusal',
    level: 'must',
    promise: 'Comes back after a handshake was refused for now (`unavailable`).',
    source: 'docs/protocol.md, Connecting',
    judge: (recording) =>
      cameBack(
        recording,
        recording.deeds('refusedHandshake').filter(({ code }) => code === 'unavailable'),
        'after a refusal that passes',
      ),
  },
  {
    id: 'connecting.waits-between-attempts',
    level: 'must',
    promise: 'Waits between attempts to connect.',
    source: 'AGENT-EDGES §6.2, disconnect: reconnect with jitter',
    judge(recording) {
      const waits = delays(recording);
      return waits.length === 0
        ? notShown('The agent never had to connect again')
        : unless(firstComplaint(waits, (wait) => wait < SHORTEST_WAIT_MS && `It tried again after ${wait} ms`));
    },
  },
  {
    id: 'connecting.leaves-it-to-chance',
    level: 'should',
    promise: 'Has chance in how long it waits, so that agents cut off together do not return together.',
    source: 'AGENT-EDGES §6.2, disconnect: reconnect with jitter',
    judge(recording) {
      const waits = delays(recording);
      const [first] = waits;
      return waits.length < 4 || first === undefined
        ? notShown('The agent connected again less than four times')
        : unless(waits.every((wait) => isSameStep(wait, first)) && `It always waits the same: ${waits.join(', ')} ms`);
    },
  },
  {
    id: 'connecting.stays-away-when-refused-for-good',
    level: 'must',
    promise: 'Does not try again after `unauthenticated`.',
    source: 'docs/protocol.md, Connecting: a refused handshake',
    judge: (recording) =>
      staysAway(
        recording,
        recording.deeds('refusedHandshake').find(({ code }) => code === 'unauthenticated'),
        'refused for good',
      ),
  },
  {
    id: 'connecting.stays-away-when-superseded',
    level: 'must',
    promise: 'Does not try again after a newer run of it took over.',
    source: 'docs/protocol.md, session_closed: superseded',
    judge(recording) {
      const told = recording.during('replaced').pushed('session_closed')[0];
      return recording.deed('superseded') && !told
        ? notShown('The server did not tell that a newer run took over')
        : staysAway(recording, told, 'superseded');
    },
  },
];
