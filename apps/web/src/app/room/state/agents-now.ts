import { HttpClient } from '@angular/common/http';
import { DOCUMENT, DestroyRef, Service, computed, effect, inject, signal, untracked } from '@angular/core';
import type { AgentAtWork } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { RoomStore } from './room-store';

/** Leases are renewed without a word in the log, so they are asked for. */
const LOOK_AGAIN = 8_000;

/** What the room's agents hold, until when, and when they last answered. Asks for as long as whoever shows it is there. */
@Service({ autoProvided: false })
export class AgentsNow {
  private readonly http = inject(HttpClient);
  private readonly store = inject(RoomStore);
  private readonly found = signal<readonly AgentAtWork[]>([]);

  readonly byId = computed(() => new Map(this.found().map((agent) => [agent.agentId, agent])));
  private readonly byTask = computed(
    () => new Map(this.found().flatMap(({ held }) => held.map(({ taskId, expiresAt }) => [taskId, expiresAt]))),
  );
  /** Changes when somebody takes or leaves a task, or a seat. */
  private readonly holders = computed(() => {
    const state = this.store.state();
    return state && [state.members.length, ...state.tasks.map(({ lease }) => lease?.holder.id)].join();
  });

  constructor() {
    const document = inject(DOCUMENT);
    const timer = setInterval(() => {
      if (!document.hidden) {
        void this.look();
      }
    }, LOOK_AGAIN);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
    effect(() => {
      if (this.holders() !== null) {
        untracked(() => void this.look());
      }
    });
  }

  /** Until when a task is held; null if that is not known. */
  heldUntil(taskId: string): string | null {
    return this.byTask().get(taskId) ?? null;
  }

  /** What cannot be read stays as it was: it says of itself how old it is. */
  private async look(): Promise<void> {
    const roomId = this.store.roomId();
    const found = await firstValueFrom(this.http.get<AgentAtWork[]>(`/api/rooms/${roomId}/agents`)).catch(() => null);
    if (found) {
      this.found.set(found);
    }
  }
}
