import * as z from 'zod';
import { Id, Text } from './primitives.js';

/**
 * What an agent may be permitted, in words that its owner and a room's host decide by. Reading, saying how it is, keeping, giving
 * back and giving up what it holds are always permitted: whatever is taken away, an agent can end what it began.
 */
export const AGENT_COMMAND_GROUPS = [
  /** Messages, reactions, files, direct messages. */
  'talk',
  'take_tasks',
  /** `git push`. */
  'push',
  'submit_work',
  'open_pull_requests',
  'ask_approval',
] as const;
export const AgentCommandGroup = z.enum(AGENT_COMMAND_GROUPS);
export type AgentCommandGroup = z.infer<typeof AgentCommandGroup>;

const MAX_GLOBS = 50;
const MAX_STARS_IN_A_NAME = 2;
const MAX_DEEP_STARS = 2;

const hasFewStars = (glob: string): boolean =>
  glob.split('**').length - 1 <= MAX_DEEP_STARS &&
  glob.split('/').every((name) => name === '**' || name.split('*').length - 1 <= MAX_STARS_IN_A_NAME);

/**
 * `src/**`, `docs/`, `*.{md,txt}`, and with `!` in front what is left out: `!.github/`. `*` stands for any part of a name, `**` for
 * any folders, `?` for one character, `{a,b}` for either, a slash at the end for all that is in the folder.
 */
export const PathGlob = Text(200)
  .regex(/^!?[^/\\!]/, 'Write the path from the top of the repository, such as src/**, without a slash in front')
  .refine((glob) => !glob.includes('..') && !/[\\\n]/.test(glob), 'Neither .. nor a backslash can be in it')
  .refine(
    (glob) => /^[^{}]*(?:\{[^{},]*,[^{}]*\}[^{}]*)*$/.test(glob),
    'Write alternatives as {a,b}, none within another',
  )
  .refine(hasFewStars, 'Use fewer stars');

const perHour = z
  .int('Use a whole number')
  .min(0, 'Use 0 or more')
  .max(10_000, 'Use at most 10000')
  .nullable()
  .default(null);

/** What an agent is held to in a room; null is no limit. */
export const AgentLimits = z
  .object({
    /** What it may do beside reading. */
    commands: z.array(AgentCommandGroup).max(AGENT_COMMAND_GROUPS.length).nullable().default(null),
    /** What its work may touch: at least one of those without `!`, if there are any, and none of those with it. */
    paths: z.array(PathGlob).max(MAX_GLOBS).nullable().default(null),
    /** Messages of its own, direct ones included. */
    messagesPerHour: perHour,
    /** Mentions that reach it and may make a task; past them they are messages and nothing more. */
    mentionsPerHour: perHour,
    /** Tasks it takes. */
    tasksPerHour: perHour,
    /** Tasks it holds at once. */
    parallelTasks: z
      .int('Use a whole number')
      .min(0, 'Use 0 or more')
      .max(50, 'Use at most 50')
      .nullable()
      .default(null),
  })
  .meta({ id: 'AgentLimits' });
export type AgentLimits = z.infer<typeof AgentLimits>;

/** What every agent is held to in a room whose host has set nothing else. Ordinary use does not meet it. */
export const USUAL_AGENT_LIMITS: AgentLimits = {
  commands: null,
  paths: null,
  messagesPerHour: 1000,
  mentionsPerHour: 200,
  tasksPerHour: 200,
  parallelTasks: 3,
};

/** What was set for one agent in a room, beside what the room sets for all of its agents. */
export const SetAgentLimits = z
  .object({
    /** By its owner: for this room, or else for all rooms. */
    byOwner: AgentLimits.nullable(),
    /** By whoever looks after the room, in place of `settings.agentLimits`. */
    byRoom: AgentLimits.nullable(),
  })
  .meta({ id: 'SetAgentLimits' });
export type SetAgentLimits = z.infer<typeof SetAgentLimits>;

/** The stricter of what its owner and what the room permits. */
export const EffectiveAgentLimits = AgentLimits.omit({ paths: true })
  .extend({
    /** Every list has to permit a path; without a list all paths are permitted. */
    paths: z.array(z.array(z.string())),
  })
  .meta({ id: 'EffectiveAgentLimits' });
export type EffectiveAgentLimits = z.infer<typeof EffectiveAgentLimits>;

/** What an agent has used of its limits: in the last hour, and of `parallelTasks` right now. */
export const AgentUse = z
  .object({ messages: z.int(), mentions: z.int(), tasks: z.int(), heldTasks: z.int() })
  .meta({ id: 'AgentUse' });
export type AgentUse = z.infer<typeof AgentUse>;

/** How an agent is held in one room. */
export const AgentLimitsInRoom = z
  .object({
    roomId: Id,
    roomName: z.string(),
    /** What its owner set for this room; null if the defaults hold. */
    byOwner: AgentLimits.nullable(),
    byRoom: AgentLimits.nullable(),
    /** What the room sets for all of its agents; holds while `byRoom` is null. */
    roomDefaults: AgentLimits,
    effective: EffectiveAgentLimits,
    used: AgentUse,
  })
  .meta({ id: 'AgentLimitsInRoom' });
export type AgentLimitsInRoom = z.infer<typeof AgentLimitsInRoom>;

/** `GET /api/agents/:id/limits`, for its owner. */
export const AgentLimitsOverview = z
  .object({
    agentId: Id,
    /** What its owner set for all rooms; null if nothing. */
    defaults: AgentLimits.nullable(),
    /** The rooms it has a seat in. */
    rooms: z.array(AgentLimitsInRoom),
  })
  .meta({ id: 'AgentLimitsOverview' });
export type AgentLimitsOverview = z.infer<typeof AgentLimitsOverview>;

/** `PUT /api/agents/:id/limits`: what its owner holds the agent to, in one room or, without `roomId`, by default. Null takes it away. */
export const SetOwnAgentLimits = z
  .object({ roomId: Id.nullable().default(null), limits: AgentLimits.nullable() })
  .meta({ id: 'SetOwnAgentLimits' });
export type SetOwnAgentLimits = z.infer<typeof SetOwnAgentLimits>;

/** `PUT /api/rooms/:id/agents/:agentId/limits`: in place of what the room sets for all of its agents. Null takes it away. */
export const SetRoomAgentLimits = z.object({ limits: AgentLimits.nullable() }).meta({ id: 'SetRoomAgentLimits' });
export type SetRoomAgentLimits = z.infer<typeof SetRoomAgentLimits>;

/** What an agent is held to, given what was set for it and what the room sets for all. */
export function effectiveLimits(set: SetAgentLimits | null, roomDefaults: AgentLimits): EffectiveAgentLimits {
  const [owner, room] = [set?.byOwner ?? null, set?.byRoom ?? roomDefaults];
  const lowest = (name: 'messagesPerHour' | 'mentionsPerHour' | 'tasksPerHour' | 'parallelTasks'): number | null => {
    const least = Math.min(owner?.[name] ?? Infinity, room[name] ?? Infinity);
    return Number.isFinite(least) ? least : null;
  };
  return {
    commands:
      owner?.commands && room.commands
        ? room.commands.filter((group) => owner.commands?.includes(group))
        : (owner?.commands ?? room.commands),
    paths: [owner?.paths, room.paths].flatMap((paths) => (paths ? [paths] : [])),
    messagesPerHour: lowest('messagesPerHour'),
    mentionsPerHour: lowest('mentionsPerHour'),
    tasksPerHour: lowest('tasksPerHour'),
    parallelTasks: lowest('parallelTasks'),
  };
}
