import { HttpClient } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import type { DirectMessagePage, Room } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';

/** What was said between the reader and one other, asked over HTTP. Every refusal ends as an ApiProblem. */
@Service()
export class DirectApi {
  private readonly http = inject(HttpClient);

  /** The newest, what is before a place, or what changed since a revision. */
  messages(
    roomId: string,
    memberId: string,
    from: { readonly before: number } | { readonly sinceRevision: number } | Record<never, never> = {},
  ): Promise<DirectMessagePage> {
    const address = `/api/rooms/${roomId}/direct/${memberId}/messages`;
    return firstValueFrom(this.http.get<DirectMessagePage>(address, { params: { ...from } }));
  }

  room(roomId: string): Promise<Room> {
    return firstValueFrom(this.http.get<Room>(`/api/rooms/${roomId}`));
  }
}
