import { whileAway } from './away.js';
import { askingLeave } from './leave.js';
import { interruptions, replaced, shutOut, stopping } from './line.js';
import type { Scene } from './scene.js';
import { meantForOthers, ordersFromStrangers, seatAmongOrders, smallTalk } from './strangers.js';
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
  meantForOthers,
  seatAmongOrders,
  smallTalk,
  askingLeave,
  interruptions,
  whileAway,
  crash,
  shutOut,
  replaced,
  stopping,
];
