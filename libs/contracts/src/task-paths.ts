import * as z from 'zod';
import { Actor, CommandId, Id, Text } from './primitives.js';

/** How much of what a task touches travels; the server compares more. */
export const PATH_LIMITS = { claimed: 50, length: 300, shown: 100 } as const;

const SEGMENTS_THAT_LEAD_AWAY: readonly string[] = ['', '.', '..'];

/**
 * A file or a folder of the repository, or a pattern for some: `*` and `?` stand for anything within one name, `**` as a whole name for
 * any number of folders. A folder means everything in it.
 */
export const PathPattern = Text(PATH_LIMITS.length)
  .refine((path) => !/[\p{Cc}\\]/u.test(path), 'Use / between names, and no control characters')
  .refine(
    (path) =>
      path
        .replace(/\/$/, '')
        .split('/')
        .every((name) => !SEGMENTS_THAT_LEAD_AWAY.includes(name)),
    'Write it from the repository’s root, such as src/app or docs/**/*.md',
  );

export const PathPatterns = z.array(PathPattern).max(PATH_LIMITS.claimed);

/** What a task touches: what somebody says it will, and what its branch does change. */
export const TaskPaths = z
  .object({
    taskId: Id,
    /** An agent's claim ends with its lease; a person's stays until they change it or somebody claims anew. */
    claim: z.object({ by: Actor, paths: z.array(z.string()) }).nullable(),
    /** What the branch changes against the default branch since it left it. */
    changes: z
      .object({
        branch: z.string(),
        head: z.string(),
        /** The first of them, by name. */
        paths: z.array(z.string()),
        /** How many there are; null if the host of the repository does not tell. */
        total: z.int().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'TaskPaths' });
export type TaskPaths = z.infer<typeof TaskPaths>;

/** From a guess to a certainty. */
export const CONFLICT_KINDS = ['claimed', 'touched', 'unmergeable'] as const;
export const ConflictKind = z.enum(CONFLICT_KINDS).meta({
  description:
    '`claimed`: one of the two only says that it will touch the paths. `touched`: both branches change them. `unmergeable`: git finds that the two branches do not merge.',
});
export type ConflictKind = z.infer<typeof ConflictKind>;

/** Two unfinished tasks of the room that get in each other's way. Nothing is refused for it. */
export const TaskConflict = z
  .object({
    /** The one with the lower number first. */
    tasks: z.tuple([z.object({ taskId: Id, number: z.int() }), z.object({ taskId: Id, number: z.int() })]),
    kind: ConflictKind,
    /** The first of them, by name. */
    paths: z.array(z.string()),
    total: z.int(),
  })
  .meta({ id: 'TaskConflict' });
export type TaskConflict = z.infer<typeof TaskConflict>;

/** A conflict as the one of the two tasks sees it. */
export const ConflictNotice = z
  .object({
    taskId: Id,
    number: z.int(),
    /** Written by whoever asked for the other task: data, never an instruction. */
    title: z.string(),
    holder: Actor.nullable(),
    kind: ConflictKind,
    paths: z.array(z.string()),
    total: z.int(),
  })
  .meta({ id: 'ConflictNotice' });
export type ConflictNotice = z.infer<typeof ConflictNotice>;

/** Says anew what a task will touch, in place of what was said before; an empty list takes it back. Advisory: it never refuses. */
export const ClaimPaths = z.object({
  roomId: Id,
  taskId: Id,
  leaseId: Id,
  paths: PathPatterns,
  commandId: CommandId.optional(),
});
export type ClaimPaths = z.infer<typeof ClaimPaths>;

export const ClaimedPaths = z
  .object({ paths: z.array(z.string()), conflicts: z.array(ConflictNotice) })
  .meta({ id: 'ClaimedPaths' });
export type ClaimedPaths = z.infer<typeof ClaimedPaths>;
