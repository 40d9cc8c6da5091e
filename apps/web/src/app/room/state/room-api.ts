import { HttpClient } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import type {
  ActivityPage,
  CreateInvitation,
  Member,
  MessagePage,
  NewInvitation,
  PullRequest,
  Room,
  RoomInfo,
  UpdateRoom,
} from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';

/** How many entries a page of the past holds. */
const PAGE = 50;

/** What is asked of a room over HTTP. Every refusal ends as an ApiProblem. */
@Service()
export class RoomApi {
  private readonly http = inject(HttpClient);

  room(roomId: string): Promise<Room> {
    return firstValueFrom(this.http.get<Room>(`/api/rooms/${roomId}`));
  }

  update(roomId: string, change: UpdateRoom): Promise<RoomInfo> {
    return firstValueFrom(this.http.put<RoomInfo>(`/api/rooms/${roomId}`, change));
  }

  delete(roomId: string): Promise<void> {
    return firstValueFrom(this.http.delete<void>(`/api/rooms/${roomId}`));
  }

  join(roomId: string): Promise<Room> {
    return firstValueFrom(this.http.post<Room>(`/api/rooms/${roomId}/join`, {}));
  }

  leave(roomId: string): Promise<void> {
    return firstValueFrom(this.http.post<void>(`/api/rooms/${roomId}/leave`, {}));
  }

  invite(roomId: string, invitation: Partial<CreateInvitation>): Promise<NewInvitation> {
    return firstValueFrom(this.http.post<NewInvitation>(`/api/rooms/${roomId}/invitations`, invitation));
  }

  messagesBefore(roomId: string, before: number): Promise<MessagePage> {
    return firstValueFrom(
      this.http.get<MessagePage>(`/api/rooms/${roomId}/messages`, { params: { before, limit: PAGE } }),
    );
  }

  activityBefore(roomId: string, before: number): Promise<ActivityPage> {
    return firstValueFrom(
      this.http.get<ActivityPage>(`/api/rooms/${roomId}/activity`, { params: { before, limit: PAGE } }),
    );
  }

  seatAgent(roomId: string, agentId: string): Promise<Member> {
    return firstValueFrom(this.http.post<Member>(`/api/rooms/${roomId}/agents/${agentId}`, {}));
  }

  unseatAgent(roomId: string, agentId: string): Promise<void> {
    return firstValueFrom(this.http.delete<void>(`/api/rooms/${roomId}/agents/${agentId}`));
  }

  removeMember(roomId: string, userId: string): Promise<void> {
    return firstValueFrom(this.http.delete<void>(`/api/rooms/${roomId}/members/${userId}`));
  }

  /** Merges exactly the commit that was looked at. */
  merge(roomId: string, { number, headSha }: PullRequest): Promise<PullRequest> {
    return firstValueFrom(this.http.post<PullRequest>(`/api/rooms/${roomId}/pulls/${number}/merge`, { headSha }));
  }

  closePull(roomId: string, { number }: PullRequest): Promise<PullRequest> {
    return firstValueFrom(this.http.post<PullRequest>(`/api/rooms/${roomId}/pulls/${number}/close`, {}));
  }
}
