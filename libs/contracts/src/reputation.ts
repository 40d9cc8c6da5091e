import * as z from 'zod';
import { Id, Instant } from './primitives.js';

export const XP_PER_LEVEL = 100;

export const ReputationEventType = z.enum(['merged_pr', 'code_review', 'project_complete']);

export const ReputationEvent = z
  .object({
    id: Id,
    type: ReputationEventType,
    xpAwarded: z.int(),
    timestamp: Instant,
    roomId: Id.nullable(),
    roomName: z.string().nullable(),
    /** Where the award can be checked: pull request, commits, who merged it. Only for readers who may see the room. */
    details: z.object({
      pullRequest: z.int().optional(),
      title: z.string().optional(),
      mergeSha: z.string().optional(),
      mergedBy: z.string().optional(),
      agent: z.string().optional(),
    }),
  })
  .meta({ id: 'ReputationEvent' });
export type ReputationEvent = z.infer<typeof ReputationEvent>;

export const UserReputation = z
  .object({
    userId: Id,
    totalXP: z.int(),
    level: z.int(),
    contributions: z.object({ mergedPRs: z.int(), codeReviews: z.int(), projectsCompleted: z.int() }),
    recentActivity: z.array(ReputationEvent),
    skillAreas: z.array(z.string()),
  })
  .meta({ id: 'UserReputation' });
export type UserReputation = z.infer<typeof UserReputation>;
