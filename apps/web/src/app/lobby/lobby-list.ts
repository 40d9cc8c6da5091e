import { HttpClient } from '@angular/common/http';
import { Service, computed, inject, signal } from '@angular/core';
import type { RoomCard, RoomList } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { type ApiProblem, toApiProblem } from '../core/problem/api-problem';
import { type LobbyQuery, requestOf } from './lobby-query';

const MOST_AT_ONCE = 100;
const PAGE = 30;

/**
 * The rooms that the lobby lists, page by page. What it hears later changes the cards where they lie; another order, or rooms
 * that came, wait until the reader asks for them.
 */
@Service({ autoProvided: false })
export class LobbyList {
  private readonly http = inject(HttpClient);
  private readonly list = signal<RoomList | null>(null);
  private readonly waiting = signal<RoomList | null>(null);
  private readonly first = signal<ApiProblem | null>(null);
  private readonly next = signal<ApiProblem | null>(null);
  private readonly reading = signal(false);
  private query: LobbyQuery | null = null;
  private turn = 0;

  /** Null until the first page is there. */
  readonly rooms = computed(() => this.list()?.rooms ?? null);
  readonly hasMore = computed(() => this.list()?.nextCursor != null);
  /** Why there is nothing to show. */
  readonly problem = this.first.asReadonly();
  /** Why the next page is not there. */
  readonly problemOfMore = this.next.asReadonly();
  readonly isReadingMore = this.reading.asReadonly();
  /** What differs by now: so many rooms came, or only the order; null if nothing does. */
  readonly news = computed(() => {
    const waiting = this.waiting()?.rooms;
    const shown = this.rooms();
    if (!waiting || !shown) {
      return null;
    }
    const known = new Set(shown.map(({ id }) => id));
    const came = waiting.filter(({ id }) => !known.has(id)).length;
    const isOrdered = waiting.every(({ id }, index) => shown[index]?.id === id);
    return came > 0 || !isOrdered ? { came } : null;
  });

  /** Lists what matches, from the beginning. What was listed stays until the answer is there. */
  async open(query: LobbyQuery): Promise<void> {
    const turn = ++this.turn;
    this.query = query;
    this.first.set(null);
    this.next.set(null);
    this.reading.set(false);
    try {
      const page = await this.ask(query);
      if (turn === this.turn) {
        this.list.set(page);
        this.waiting.set(null);
      }
    } catch (thrown) {
      if (turn === this.turn) {
        this.list.set(null);
        this.first.set(toApiProblem(thrown));
      }
    }
  }

  tryAgain(): void {
    if (this.query) {
      void this.open(this.query);
    }
  }

  async readMore(): Promise<void> {
    const cursor = this.list()?.nextCursor;
    if (!this.query || cursor == null || this.reading()) {
      return;
    }
    const turn = this.turn;
    this.reading.set(true);
    this.next.set(null);
    try {
      const page = await this.ask(this.query, { cursor });
      if (turn === this.turn) {
        this.list.update((list) => list && joined(list, page));
      }
    } catch (thrown) {
      if (turn === this.turn) {
        this.next.set(toApiProblem(thrown));
      }
    } finally {
      if (turn === this.turn) {
        this.reading.set(false);
      }
    }
  }

  /** Looks how the listed rooms are by now. Nothing moves; a failure is left to the next time. */
  async look(): Promise<void> {
    const shown = this.list();
    if (!this.query || !shown) {
      this.tryAgain();
      return;
    }
    const turn = this.turn;
    const limit = Math.min(Math.max(shown.rooms.length, PAGE), MOST_AT_ONCE);
    try {
      const fresh = await this.ask(this.query, { limit });
      if (turn === this.turn) {
        const byId = new Map(fresh.rooms.map((room) => [room.id, room]));
        this.list.update(
          (list) => list && { ...list, rooms: list.rooms.map((room): RoomCard => byId.get(room.id) ?? room) },
        );
        this.waiting.set(fresh);
      }
    } catch {
      // The cards stay as they are; the banner tells of a lost connection.
    }
  }

  /** Puts the list as it would be if it were opened now. */
  takeNews(): void {
    const waiting = this.waiting();
    if (waiting) {
      this.list.set(waiting);
      this.waiting.set(null);
    }
  }

  private ask(query: LobbyQuery, page: Record<string, string | number> = {}): Promise<RoomList> {
    return firstValueFrom(this.http.get<RoomList>('/api/rooms', { params: { ...requestOf(query), ...page } }));
  }
}

/** A room may have moved to the next page meanwhile: it is listed once. */
function joined(list: RoomList, page: RoomList): RoomList {
  const known = new Set(list.rooms.map(({ id }) => id));
  return { rooms: [...list.rooms, ...page.rooms.filter(({ id }) => !known.has(id))], nextCursor: page.nextCursor };
}
