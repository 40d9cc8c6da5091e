import type { Check } from '../check.js';
import { APPROVALS } from './approvals.js';
import { CONNECTING } from './connecting.js';
import { ENDING } from './ending.js';
import { EVIDENCE } from './evidence.js';
import { INBOX } from './inbox.js';
import { ROOMS } from './rooms.js';
import { SAFETY } from './safety.js';
import { TASKS } from './tasks.js';

/** All checks, in the order of the report. */
export const CHECKS: readonly Check[] = [
  ...CONNECTING,
  ...ROOMS,
  ...INBOX,
  ...TASKS,
  ...EVIDENCE,
  ...SAFETY,
  ...APPROVALS,
  ...ENDING,
];
