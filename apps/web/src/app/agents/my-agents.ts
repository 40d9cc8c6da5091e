import { HttpClient, httpResource } from '@angular/common/http';
import { DOCUMENT, DestroyRef, Service, computed, inject } from '@angular/core';
import type { Agent, CreateAgent, NewAgent } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { MyRooms } from '../core/my-rooms';
import { toApiProblem } from '../core/problem/api-problem';

/** Whether an agent is connected changes by itself, mostly right after somebody started it in a terminal. */
const LOOK_AGAIN = 4_000;

/** The reader's agents and what can be done with them. Provided by the page. */
@Service({ autoProvided: false })
export class MyAgents {
  private readonly http = inject(HttpClient);
  private readonly myRooms = inject(MyRooms);
  private readonly list = httpResource<Agent[]>(() => '/api/agents');

  readonly agents = computed(() => (this.list.hasValue() ? this.list.value() : null));
  readonly problem = computed(() => {
    const thrown = this.list.error();
    return thrown && !this.agents() ? toApiProblem(thrown) : null;
  });

  constructor() {
    const document = inject(DOCUMENT);
    const timer = setInterval(() => {
      if (!document.hidden) {
        this.reload();
      }
    }, LOOK_AGAIN);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  reload(): void {
    this.list.reload();
  }

  /** Makes an agent. Its token is in the answer and can never be seen again. */
  async create(request: CreateAgent): Promise<NewAgent> {
    const made = await firstValueFrom(this.http.post<NewAgent>('/api/agents', request));
    this.reload();
    return made;
  }

  async seat(agentId: string, roomId: string): Promise<void> {
    await firstValueFrom(this.http.post(seatAddress(agentId, roomId), {}));
    this.seatsChanged();
  }

  async unseat(agentId: string, roomId: string): Promise<void> {
    await firstValueFrom(this.http.delete(seatAddress(agentId, roomId)));
    this.seatsChanged();
  }

  private seatsChanged(): void {
    this.reload();
    this.myRooms.reload();
  }
}

function seatAddress(agentId: string, roomId: string): string {
  return `/api/rooms/${roomId}/agents/${agentId}`;
}
