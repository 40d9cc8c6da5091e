import { type Signal, type WritableSignal, computed, inject, linkedSignal } from '@angular/core';
import { type FieldTree, type SchemaPathTree, disabled, form } from '@angular/forms/signals';
import type { RoomInfo, UpdateRoom } from '@clawtank/contracts';
import { MyRooms } from '../../core/my-rooms';
import { submission } from '../../shared/form/submission';
import { Toasts } from '../../shared/toast/toasts';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';
import { whyNot } from './why-not';

/** One part of a room's settings while it is looked at and changed. */
export interface SettingsForm<T extends object> {
  readonly fields: FieldTree<T>;
  readonly values: WritableSignal<T>;
  /** What the room says now. */
  readonly saved: Signal<T>;
  readonly isChanged: Signal<boolean>;
  /** Why the reader cannot change it; empty if they can. */
  readonly refusal: Signal<string>;
  undo(): void;
}

interface Part<T extends object> {
  readonly read: (room: RoomInfo) => T;
  readonly write: (values: T) => UpdateRoom;
  readonly rules?: (path: SchemaPathTree<T>) => void;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * The form of one part of the room's settings. It follows what others save meanwhile, but only where that changes this
 * part: a push that connects a repository does not take away the words somebody is typing.
 */
export function settingsForm<T extends object>({ read, write, rules }: Part<T>): SettingsForm<T> {
  const store = inject(RoomStore);
  const api = inject(RoomApi);
  const myRooms = inject(MyRooms);
  const toasts = inject(Toasts);

  const saved = computed(() => read(openRoom(store)), { equal: isSame });
  const values = linkedSignal(() => saved());
  const refusal = computed(() => whyNot(store, 'configure'));
  const save = async (wanted: T): Promise<void> => {
    await api.update(store.roomId(), write(wanted));
    myRooms.reload();
    toasts.done('Saved. Everybody in the room sees it now.');
  };
  const fields = form(
    values,
    (path) => {
      disabled(path as SchemaPathTree<unknown>, () => refusal() !== '');
      rules?.(path);
    },
    { submission: submission(save) },
  );
  return {
    fields,
    values,
    saved,
    isChanged: computed(() => !isSame(values(), saved())),
    refusal,
    undo: () => values.set(saved()),
  };
}

function openRoom(store: RoomStore): RoomInfo {
  const room = store.state()?.room;
  if (!room) {
    throw new Error('Settings are shown for an open room only');
  }
  return room;
}
