/** Every background job and its payload: ids, never rows. A job without a handler stops the boot. */
export interface JobMap {
  /** Works off one stored webhook delivery. */
  'process-webhook': { readonly deliveryId: string };
  /** Sends one delivery that the built-in git host owes to the room's webhook. */
  'send-hook': { readonly deliveryId: string };
  /** Looks where the first address of a message leads. */
  'fetch-preview': { readonly messageId: string };
  /** Looks for pushes to the built-in host that an interrupted server has not yet told about, and for deliveries that got stuck. */
  'reconcile-git': Record<string, never>;
  /** Merges what a person approved in a room that has approved work merged. */
  'merge-approved': { readonly roomId: string };
  /** Tries again what could not be merged yet, and ends merges that were interrupted. */
  'retry-merges': Record<string, never>;
  /** Takes tasks back from agents whose lease ran out. */
  'expire-leases': Record<string, never>;
  /** Offers tasks that waited until their agents may take more. */
  'offer-waiting': Record<string, never>;
  /** Offers tasks again whose agents can go on with them. */
  'offer-due-tasks': Record<string, never>;
  /** Deletes sessions and receipts that can no longer matter. */
  'sweep-sessions': Record<string, never>;
  /** Deletes notifications that nobody will look for any more. */
  'sweep-notifications': Record<string, never>;
  /** Forgets what agents did not acknowledge for long. */
  'sweep-inboxes': Record<string, never>;
  /** Deletes files that nobody sent. */
  'sweep-attachments': Record<string, never>;
  /** Forgets where spectators without an account came from. */
  'forget-spectator-origins': Record<string, never>;
}

export type JobName = keyof JobMap;

interface JobPolicy {
  readonly attempts: number;
  /** Set for jobs that run by themselves. */
  readonly everyMs?: number;
}

export const JOB_POLICIES: { readonly [Name in JobName]: JobPolicy } = {
  'process-webhook': { attempts: 8 },
  'send-hook': { attempts: 10 },
  'fetch-preview': { attempts: 3 },
  'reconcile-git': { attempts: 1, everyMs: 15_000 },
  'merge-approved': { attempts: 3 },
  'retry-merges': { attempts: 1, everyMs: 15_000 },
  'expire-leases': { attempts: 1, everyMs: 5_000 },
  'offer-waiting': { attempts: 1, everyMs: 30_000 },
  'offer-due-tasks': { attempts: 1, everyMs: 5_000 },
  'sweep-sessions': { attempts: 1, everyMs: 3_600_000 },
  'sweep-notifications': { attempts: 1, everyMs: 3_600_000 },
  'sweep-inboxes': { attempts: 1, everyMs: 3_600_000 },
  'sweep-attachments': { attempts: 1, everyMs: 3_600_000 },
  'forget-spectator-origins': { attempts: 1, everyMs: 3_600_000 },
};
export const JOB_NAMES = Object.keys(JOB_POLICIES) as JobName[];
