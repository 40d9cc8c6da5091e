import type { Actor, InboxItem, Task } from '@clawtank/contracts';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { AgentCaller } from '../../platform/caller.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { InboxReader, InboxSignals, RoomAccess, RoomSnapshot } from '../../rooms/index.js';
import { contentOf, CursorContent, movedTo, type Place, placeOf, wasTold } from '../domain/cursor.js';
import { type TaskKind, waitingTasks } from '../domain/waiting-tasks.js';

/** As much as a model reads at once; the next wait tells the rest. */
const MOST_TOLD = 50;
/** Waits of one agent at once in one process. */
const MAX_WAITS = 100;

export interface WaitRequest {
  /** Only this room. */
  readonly roomId?: string | undefined;
  /** The cursor of the wait before. */
  readonly after?: string | undefined;
}

/** A task that waits for the agent as it stands, or that it holds. */
export interface WaitingTask {
  readonly kind: TaskKind;
  readonly task: Task;
  readonly roomId: string;
  readonly at: string;
  readonly actor: Actor;
}

/** What a wait came to. */
export interface Outcome {
  readonly items: readonly InboxItem[];
  /** What waits already; only for those who have waited for nothing before. */
  readonly tasks: readonly WaitingTask[];
  readonly place: Place;
  /** Something that was addressed to the agent is too old to be told. */
  readonly hasMissed: boolean;
}

/** An agent that waits. */
export class Wait {
  private news = Promise.withResolvers<void>();
  readonly stopListening: () => void;

  constructor(
    readonly agentId: string,
    /** Null if it waits for whatever is addressed to it in any of its rooms. */
    readonly roomId: string | null,
    /** Null if it never waited before. */
    readonly place: Place | null,
    signals: InboxSignals,
  ) {
    this.stopListening = signals.listen(agentId, () => this.look());
  }

  /** Has the wait read once more. */
  look(): void {
    this.news.resolve();
  }

  /** Forgets what it was told so far, and answers when there is something else. */
  next(): Promise<void> {
    this.news = Promise.withResolvers<void>();
    return this.news.promise;
  }
}

/**
 * Lets agents wait for what is addressed to them: reads the agent's inbox, and once more whenever something came into it. Nobody asks
 * the database while nothing happens.
 */
@Injectable()
export class EventWaits implements BeforeApplicationShutdown {
  private readonly byAgent = new Map<string, Set<Wait>>();
  private isStopping = false;

  constructor(
    private readonly access: RoomAccess,
    private readonly snapshots: RoomSnapshot,
    private readonly inbox: InboxReader,
    private readonly signals: InboxSignals,
  ) {}

  /** Whoever waits is answered before the process stops, and goes on elsewhere with its cursor. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    this.byAgent.forEach((waits) => waits.forEach((wait) => wait.look()));
  }

  /** How many waits of the agent are open in this process. */
  countOf(agentId: string): number {
    return this.byAgent.get(agentId)?.size ?? 0;
  }

  /** Begins a wait. Who hands a cursor back has dealt with what came before it. Refuses a room that the agent has no seat in. */
  async open(caller: AgentCaller, { roomId, after }: WaitRequest): Promise<Wait> {
    const { agentId } = caller;
    if (roomId !== undefined) {
      await this.access.arrive(caller, roomId);
    }
    const place = after === undefined ? null : placeOf(decodeCursor(CursorContent, after));
    if (this.countOf(agentId) >= MAX_WAITS) {
      throw new Refusal('rate_limited', `An agent may wait ${MAX_WAITS} times at once`, { retryAfter: 1000 });
    }
    if (place) {
      await this.inbox.acknowledge(agentId, place.number, place.epoch);
    }
    const wait = new Wait(agentId, roomId ?? null, place, this.signals);
    this.byAgent.set(agentId, (this.byAgent.get(agentId) ?? new Set()).add(wait));
    return wait;
  }

  /** Waits until something is addressed to the agent, or `end` is aborted, and lets go of the wait. */
  async finish(caller: AgentCaller, wait: Wait, end: AbortSignal): Promise<Outcome> {
    const ended = new Promise<void>((resolve) => {
      end.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      const tasks = wait.place ? [] : await this.tasksOf(caller, wait);
      for (;;) {
        const news = wait.next();
        const read = await this.read(wait);
        const about = new Set(
          read.items.flatMap(({ event }) => (event && 'task' in event.data ? event.data.task.id : [])),
        );
        const others = tasks.filter(({ kind, task }) => kind === 'task_held' || !about.has(task.id));
        const hasSomething = read.items.length > 0 || others.length > 0 || read.hasMissed;
        if (hasSomething || end.aborted || this.isStopping) {
          return { ...read, tasks: others };
        }
        await Promise.race([news, ended]);
      }
    } finally {
      this.close(wait);
    }
  }

  cursorOf({ place }: Outcome): string {
    return encodeCursor(contentOf(place));
  }

  private async read({ agentId, roomId, place: known }: Wait): Promise<Omit<Outcome, 'tasks'>> {
    let place: Place = known ?? { epoch: '', number: 0, ahead: new Map() };
    let hasMissed = false;
    for (;;) {
      const after = Math.max(place.number, (roomId === null ? undefined : place.ahead.get(roomId)) ?? 0);
      const request = { after, limit: MOST_TOLD, ...(place.epoch !== '' && { epoch: place.epoch }) };
      const { items, epoch, upTo, hasMore, forgottenUpTo } = await this.inbox.read(agentId, request, roomId);
      if (place.epoch !== epoch && place.number > 0) {
        hasMissed = true; // the inbox that the place was in is gone
        place = { epoch, number: 0, ahead: new Map() };
      }
      hasMissed ||= forgottenUpTo > 0;
      const before = place;
      const fresh = items.filter((item) => !wasTold(before, item));
      place = movedTo(place, epoch, upTo, roomId);
      if (fresh.length > 0 || !hasMore) {
        return { items: fresh, place, hasMissed };
      }
    }
  }

  private async tasksOf({ agentId, name }: AgentCaller, { roomId }: Wait): Promise<WaitingTask[]> {
    const roomIds = roomId === null ? await this.access.roomsOf(agentId) : [roomId];
    const found = roomIds.map(async (id) => {
      const { tasks } = await this.snapshots.read(id);
      return waitingTasks({ id: agentId, name }, tasks).map(({ kind, task }) => ({
        kind,
        task,
        roomId: id,
        at: task.updatedAt,
        actor: task.createdBy,
      }));
    });
    return (await Promise.all(found)).flat();
  }

  private close(wait: Wait): void {
    wait.stopListening();
    const others = this.byAgent.get(wait.agentId);
    others?.delete(wait);
    if (others?.size === 0) {
      this.byAgent.delete(wait.agentId);
    }
  }
}
