import type { NotificationLevel, RoomBadge } from '@clawtank/contracts';
import { Chance } from './chance.js';

/** What one of several people does in one room. People are numbers; the room makes of them who they are. */
export type Step =
  | {
      readonly kind: 'say';
      readonly by: number;
      readonly named: readonly number[];
      readonly here: boolean;
      readonly inThread: boolean;
    }
  | { readonly kind: 'edit'; readonly message: number; readonly named: readonly number[]; readonly here: boolean }
  | { readonly kind: 'delete'; readonly message: number }
  | { readonly kind: 'read'; readonly by: number; readonly seq: number }
  | { readonly kind: 'prefer'; readonly by: number; readonly level: NotificationLevel }
  | { readonly kind: 'leave'; readonly by: number }
  | { readonly kind: 'return'; readonly by: number }
  /** Something else happens in the room: it takes a place in the log and is no message. */
  | { readonly kind: 'other' };

export interface Said {
  readonly seq: number;
  readonly by: number;
  readonly inThread: boolean;
  named: readonly number[];
  here: boolean;
  /** Whom it addresses, as was settled when it was said or last edited. */
  addressed: ReadonlySet<number>;
  isDeleted: boolean;
}

/** A room as its history made it, told in the plainest way: everything that was said, and who sits where since when. */
export class Room {
  head = 0;
  readonly said: Said[] = [];
  readonly joinedAt = new Map<number, number>();
  readonly readUpTo = new Map<number, number>();
  readonly levels = new Map<number, NotificationLevel>();

  constructor(readonly people: number) {
    for (let person = 0; person < people; person++) {
      this.joinedAt.set(person, ++this.head);
    }
  }

  get seated(): number[] {
    return [...this.joinedAt.keys()];
  }

  /** The first person hosts, and always stays. */
  randomStep(chance: Chance): Step {
    const standing = this.said.flatMap(({ isDeleted }, message) => (isDeleted ? [] : [message]));
    const dice = chance.next();
    if (dice < 0.1 && standing.length > 0) {
      const message = chance.oneOf(standing);
      return { kind: 'edit', message, ...this.randomMentions(chance) };
    }
    if (dice < 0.2 && standing.length > 0) {
      return { kind: 'delete', message: chance.oneOf(standing) };
    }
    const by = chance.oneOf(this.seated);
    if (dice < 0.36) {
      return { kind: 'read', by, seq: chance.between(0, this.head + 2) };
    }
    if (dice < 0.41) {
      return { kind: 'prefer', by, level: chance.oneOf(['all', 'mentions', 'none'] as const) };
    }
    if (dice < 0.45 && by !== 0) {
      return { kind: 'leave', by };
    }
    const away = Array.from({ length: this.people }, (_, person) => person).filter(
      (person) => !this.joinedAt.has(person),
    );
    if (dice < 0.52 && away.length > 0) {
      return { kind: 'return', by: chance.oneOf(away) };
    }
    return dice < 0.58
      ? { kind: 'other' }
      : { kind: 'say', by, ...this.randomMentions(chance), inThread: this.said.length > 0 && chance.next() < 0.2 };
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'say': {
        const { by, named, here, inThread } = step;
        this.said.push({
          seq: ++this.head,
          by,
          named,
          here,
          inThread,
          addressed: this.addressedBy(by, step),
          isDeleted: false,
        });
        return;
      }
      case 'edit': {
        const said = this.said[step.message]!;
        Object.assign(said, { named: step.named, here: step.here, addressed: this.addressedBy(said.by, step) });
        this.head++;
        return;
      }
      case 'delete':
        Object.assign(this.said[step.message]!, { isDeleted: true, named: [], here: false, addressed: new Set() });
        this.head++;
        return;
      case 'read': {
        const place = Math.min(step.seq, this.head);
        this.readUpTo.set(step.by, Math.max(place, this.readUpTo.get(step.by) ?? 0));
        return;
      }
      case 'prefer':
        this.levels.set(step.by, step.level);
        return;
      case 'leave':
        this.joinedAt.delete(step.by);
        this.head++;
        return;
      case 'return':
        this.joinedAt.set(step.by, ++this.head);
        return;
      case 'other':
        this.head++;
    }
  }

  /** The badge by counting. Here every number is below where counting stops. */
  recount(person: number, roomId: string): RoomBadge {
    const lastReadSeq = Math.max(this.readUpTo.get(person) ?? 0, this.joinedAt.get(person)!);
    const unread = this.said.filter(({ seq, by, isDeleted }) => seq > lastReadSeq && by !== person && !isDeleted);
    return {
      roomId,
      unread: unread.length,
      mentions: unread.filter(({ addressed }) => addressed.has(person)).length,
      lastReadSeq,
      firstUnreadSeq: unread[0]?.seq ?? null,
      level: this.levels.get(person) ?? 'all',
    };
  }

  private addressedBy(by: number, { named, here }: { named: readonly number[]; here: boolean }): Set<number> {
    return new Set(this.seated.filter((person) => person !== by && (here || named.includes(person))));
  }

  private randomMentions(chance: Chance): { named: number[]; here: boolean } {
    return { named: chance.next() < 0.4 ? chance.some(this.seated, 0.4) : [], here: chance.next() < 0.1 };
  }
}
