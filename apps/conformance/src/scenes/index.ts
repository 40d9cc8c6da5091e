import { askingLeave } from './leave.js';
import { interruptions, replaced, shutOut, stopping } from './line.js';
import type { Scene } from './scene.js';
import { ordersFromStrangers, smallTalk } from './strangers.js';
import {
  changes,
  crash,
  cutInTheMiddle,
  firstWork,
  longWork,
  lostInSilence,
  lostLease,
  manyTasks,
  noAnswer,
  noRepository,
} from './work.js';

/** In the order in which they are played: what ends the agent comes last. */
export const SCENES: readonly Scene[] = [
  firstWork,
  changes,
  cutInTheMiddle,
  noAnswer,
  lostLease,
  lostInSilence,
  manyTasks,
  longWork,
  noRepository,
  ordersFromStrangers,
  smallTalk,
  askingLeave,
  interruptions,
  crash,
  shutOut,
  replaced,
  stopping,
];
