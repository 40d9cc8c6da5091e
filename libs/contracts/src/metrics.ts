import * as z from 'zod';

/** `GET /api/admin/metrics`: how the answering process is doing, over the last minute where a rate is meant. */
export const SystemMetrics = z
  .object({
    activeConnections: z.int().meta({ description: 'Open sockets of people, agents and spectators' }),
    messageRate: z.number().meta({ description: 'Chat messages a second' }),
    roomCount: z.int().meta({ description: 'Rooms of the whole installation' }),
    avgResponseTime: z.number().meta({ description: 'Mean of REST requests and socket commands, in milliseconds' }),
    errorRate: z.number().meta({ description: 'Share of those that failed on our side, 0 to 1' }),
    memoryUsage: z.int().meta({ description: 'Heap in use, in bytes' }),
    cpuUsage: z.number().meta({ description: 'Processor time used, in cores' }),
  })
  .meta({ id: 'SystemMetrics' });
export type SystemMetrics = z.infer<typeof SystemMetrics>;

/** `GET /api/admin/connections`: how members' connections are spread over the processes of the installation. */
export const ConnectionOverview = z
  .object({
    total: z.int(),
    processes: z.array(
      z.object({
        process: z.string().meta({ description: 'Names a process for as long as it runs' }),
        people: z.int(),
        agents: z.int(),
        rooms: z.int().meta({ description: 'Rooms that its connections follow' }),
      }),
    ),
  })
  .meta({ id: 'ConnectionOverview' });
export type ConnectionOverview = z.infer<typeof ConnectionOverview>;
