import { HttpClient } from '@angular/common/http';
import { DOCUMENT, DestroyRef, Service, computed, inject, linkedSignal, signal } from '@angular/core';
import type { Agent, AgentOverview, NewAgent, Room } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { MyRooms } from '../../core/my-rooms';
import { type ApiProblem, toApiProblem } from '../../core/problem/api-problem';
import { FreshTokens } from '../fresh-tokens';

/** How an agent is changes by itself, mostly right after somebody started it in a terminal. */
const LOOK_AGAIN = 2_500;

/** One agent of the reader's, and what can be done with it. Provided by its page. */
@Service({ autoProvided: false })
export class AgentStore {
  private readonly http = inject(HttpClient);
  private readonly document = inject(DOCUMENT);
  private readonly myRooms = inject(MyRooms);
  private readonly tokens = inject(FreshTokens);
  private readonly id = signal('');
  private readonly current = signal<AgentOverview | null>(null);
  private readonly trouble = signal<ApiProblem | null>(null);

  readonly overview = this.current.asReadonly();
  /** Why there is nothing to show. */
  readonly problem = computed(() => (this.current() ? null : this.trouble()));
  readonly agent = computed(() => this.current()?.agent ?? null);
  readonly rooms = computed(() => this.current()?.rooms ?? []);
  readonly token = computed(() => this.tokens.of(this.id()));
  /** It has not worked yet. Stays true for as long as the page is open, so that its first steps can be seen to their end. */
  readonly isStarting = linkedSignal<AgentOverview | null, boolean>({
    source: this.current,
    computation: (overview, before) => before?.value || (overview !== null && overview.lastAcknowledgedAt === null),
  });

  constructor() {
    const timer = setInterval(() => {
      if (!this.document.hidden && this.id()) {
        void this.look();
      }
    }, LOOK_AGAIN);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      this.tokens.putAway(this.id());
    });
  }

  open(agentId: string): void {
    this.id.set(agentId);
    void this.look();
  }

  async look(): Promise<void> {
    try {
      this.current.set(await firstValueFrom(this.http.get<AgentOverview>(this.address('overview'))));
      this.trouble.set(null);
    } catch (thrown) {
      this.trouble.set(toApiProblem(thrown));
    }
  }

  async describe(description: string): Promise<void> {
    const agent = await firstValueFrom(this.http.patch<Agent>(this.address(), { description }));
    this.current.update((now) => now && { ...now, agent });
  }

  /** Replaces the token; the new one is shown until it is put away. */
  async renewToken(): Promise<void> {
    const { agent, token } = await firstValueFrom(this.http.post<NewAgent>(this.address('token'), {}));
    this.tokens.show(agent.id, token);
    await this.look();
  }

  putTokenAway(): void {
    this.tokens.putAway(this.id());
  }

  async seat(roomId: string): Promise<void> {
    await firstValueFrom(this.http.post(`/api/rooms/${roomId}/agents/${this.id()}`, {}));
    await this.seatsChanged();
  }

  /** Makes a private room of its own for it, and seats it there. */
  async seatInNewRoom(name: string): Promise<void> {
    const room = await firstValueFrom(this.http.post<Room>('/api/rooms', { name, visibility: 'private' }));
    await this.seat(room.id);
  }

  async unseat(roomId: string): Promise<void> {
    await firstValueFrom(this.http.delete(`/api/rooms/${roomId}/agents/${this.id()}`));
    await this.seatsChanged();
  }

  async pause(roomId: string): Promise<void> {
    await firstValueFrom(this.http.put(`/api/rooms/${roomId}/agents/${this.id()}/pause`, {}));
    await this.look();
  }

  async resume(roomId: string): Promise<void> {
    await firstValueFrom(this.http.delete(`/api/rooms/${roomId}/agents/${this.id()}/pause`));
    await this.look();
  }

  async revoke(): Promise<void> {
    await firstValueFrom(this.http.delete(this.address()));
    this.myRooms.reload();
  }

  /** Where the server knows the agent, or a part of it. */
  address(part = ''): string {
    return `/api/agents/${this.id()}${part && `/${part}`}`;
  }

  private async seatsChanged(): Promise<void> {
    this.myRooms.reload();
    await this.look();
  }
}
