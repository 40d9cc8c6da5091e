import { DOCUMENT, computed, effect, inject, signal, untracked } from '@angular/core';
import { type ApiProblem, toApiProblem } from '../problem/api-problem';
import { Session } from '../session/session';
import { type Outgoing, OutboxStorage } from './outbox-storage';
import { OutboxTabs } from './outbox-tabs';

/** Where messages go. */
export interface Route<Message, Answer> {
  /** Names the database, the locks and the news between tabs. */
  readonly names: { readonly database: string; readonly tabs: string };
  /** Messages of one lane go one after another. */
  laneOf(message: Message): string;
  deliver(message: Message): Promise<Answer>;
  /** The server has it, as this tab or another was told. It waits no more. */
  taken(message: Message, answer: Answer): void;
}

/** The server asks for patience: until when, and why. */
export interface Pause {
  readonly until: number;
  readonly code: ApiProblem['code'];
}

/** Refusals that pass by themselves. */
const TEMPORARY: readonly ApiProblem['code'][] = ['rate_limited', 'slow_mode', 'unavailable'];
const TEMPORARY_WAIT = 2_000;

/**
 * What the reader has written and the server has not taken yet. The messages of each lane go one at a time, so that they
 * arrive in the order in which they were written; each keeps its id through repeats, interruptions, reloads and changes of
 * tab, so that it arrives exactly once. Made where `inject` works.
 */
export class SendingQueue<Message extends Outgoing, Answer> {
  private readonly session = inject(Session);
  private readonly storage: OutboxStorage<Message>;
  private readonly tabs: OutboxTabs<Answer>;
  private readonly list = signal<readonly Message[]>([]);
  private readonly pauses = signal<ReadonlyMap<string, Pause>>(new Map());
  private readonly sending = new Map<string, Promise<void>>();
  /** Being written down at this moment. */
  private readonly writing = new Set<string>();
  /** Taken or thrown away, whatever a look at the device that began before may still show. */
  private readonly gone = new Set<string>();
  private loaded: Promise<void> = Promise.resolve();

  readonly readerId = computed(() => this.session.account()?.id ?? '');
  /** What waits, oldest first. */
  readonly waiting = this.list.asReadonly();

  constructor(private readonly route: Route<Message, Answer>) {
    const window = inject(DOCUMENT).defaultView;
    this.storage = new OutboxStorage(route.names.database, window?.indexedDB);
    this.tabs = new OutboxTabs(route.names.tabs, window);
    effect(() => {
      const readerId = this.readerId();
      untracked(() => {
        this.loaded = this.load(readerId);
      });
    });
    this.tabs.listen(({ taken }) => {
      if (taken) {
        this.take(taken.clientMessageId, taken.answer);
      }
      void this.load(this.readerId());
    });
  }

  /** Set while the server asks for patience in this lane. */
  pause(lane: string): Pause | null {
    return this.pauses().get(lane) ?? null;
  }

  /** Resolves once the message is kept on this device; it is on its way then. */
  async add(message: Message): Promise<void> {
    this.list.update((list) => [...list, message]);
    await this.keep(message);
  }

  /** Sends a refused message once more, after those that are waiting. */
  async retry(clientMessageId: string): Promise<void> {
    const message = this.list().find((one) => one.clientMessageId === clientMessageId);
    if (message) {
      const again: Message = { ...message, refusal: null };
      this.list.update((list) => [...list.filter((one) => one !== message), again]);
      await this.keep(again);
    }
  }

  /** Lets go of a message, here and on the device. */
  async discard(clientMessageId: string): Promise<void> {
    this.remove(clientMessageId);
    await this.storage.delete(clientMessageId);
    this.tabs.tell({ taken: null });
  }

  /** Sends what waits in this lane. Stops at an interruption. */
  send(lane: string): Promise<void> {
    const readerId = this.readerId();
    const sending =
      this.sending.get(lane) ??
      this.tabs
        .oneAtATime(readerId, lane, () => this.deliverAll(readerId, lane))
        .finally(() => this.sending.delete(lane));
    this.sending.set(lane, sending);
    return sending;
  }

  /** Sends what waits in every lane but those left out. */
  async sendAll(isLeftOut: (lane: string) => boolean = () => false): Promise<void> {
    await this.loaded;
    const lanes = new Set(this.list().map((message) => this.route.laneOf(message)));
    for (const lane of lanes) {
      if (!isLeftOut(lane)) {
        void this.send(lane);
      }
    }
  }

  private async keep(message: Message): Promise<void> {
    this.writing.add(message.clientMessageId);
    await this.storage.add(message);
    this.writing.delete(message.clientMessageId);
    this.tabs.tell({ taken: null });
    void this.send(this.route.laneOf(message));
  }

  private async deliverAll(readerId: string, lane: string): Promise<void> {
    for (;;) {
      const kept = await this.storage.all(readerId);
      const next = kept.find((one) => this.route.laneOf(one) === lane && one.refusal === null);
      if (!next || !(await this.deliver(next))) {
        return;
      }
    }
  }

  /** False if nothing can be delivered now. */
  private async deliver(message: Message): Promise<boolean> {
    const { clientMessageId } = message;
    try {
      const answer = await this.route.deliver(message);
      this.take(clientMessageId, answer);
      await this.storage.delete(clientMessageId);
      this.tabs.tell({ taken: { clientMessageId, answer } });
      return true;
    } catch (thrown) {
      return this.notDelivered(message, toApiProblem(thrown));
    }
  }

  private take(clientMessageId: string, answer: Answer): void {
    const message = this.list().find((one) => one.clientMessageId === clientMessageId);
    if (message) {
      this.route.taken(message, answer);
    }
    this.remove(clientMessageId);
  }

  private async notDelivered(message: Message, { code, detail, retryAfter }: ApiProblem): Promise<boolean> {
    const { clientMessageId } = message;
    if (code === 'offline') {
      return false;
    }
    if (TEMPORARY.includes(code)) {
      const lane = this.route.laneOf(message);
      const wait = retryAfter ?? TEMPORARY_WAIT;
      this.pauses.update((pauses) => new Map(pauses).set(lane, { until: Date.now() + wait, code }));
      await new Promise((resolve) => setTimeout(resolve, wait));
      this.pauses.update((pauses) => new Map([...pauses].filter(([paused]) => paused !== lane)));
    } else {
      this.list.update((list) =>
        list.map((one) => (one.clientMessageId === clientMessageId ? { ...one, refusal: detail } : one)),
      );
      await this.storage.refuse(clientMessageId, detail);
      this.tabs.tell({ taken: null });
    }
    return true;
  }

  /** Shows what is kept on this device, and what is being written down. */
  private async load(readerId: string): Promise<void> {
    if (readerId === '') {
      this.list.set([]);
      return;
    }
    const kept = await this.storage.all(readerId);
    if (readerId !== this.readerId()) {
      return;
    }
    this.list.update((list) => {
      const writing = list.filter((one) => one.readerId === readerId && this.writing.has(one.clientMessageId));
      const known = new Set([...this.gone, ...writing.map(({ clientMessageId }) => clientMessageId)]);
      return [...kept.filter(({ clientMessageId }) => !known.has(clientMessageId)), ...writing];
    });
  }

  private remove(clientMessageId: string): void {
    this.gone.add(clientMessageId);
    this.list.update((list) => list.filter((one) => one.clientMessageId !== clientMessageId));
  }
}
