import type { Provider } from '@angular/core';
import { Approvals } from '../approvals/approvals';
import { History } from './history';
import { Jump } from './jump';
import { MessageActions } from './message-actions';
import { Quotes } from './quotes';
import { ReadMarker } from './read-marker';
import { RoomStore } from './room-store';
import { RoomDeeds } from '../slash/room-deeds';
import { SlashRunner } from '../slash/slash-runner';
import { Drawers } from '../talk/drawers';
import { RemarkDrafts } from '../review/remark-drafts';
import { Typing } from './typing';

/** What one room's page keeps while it is open. */
export const ROOM_STATE: Provider[] = [
  RoomStore,
  Approvals,
  Drawers,
  History,
  Jump,
  MessageActions,
  Quotes,
  ReadMarker,
  RemarkDrafts,
  RoomDeeds,
  SlashRunner,
  Typing,
];
