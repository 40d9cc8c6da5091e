import { HttpClient, type HttpEvent } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import type {
  ActivityKind,
  ActivityPage,
  Attachment,
  ChatMessage,
  CreateInvitation,
  Member,
  MessageHistory,
  MessagePage,
  NewInvitation,
  PullRequest,
  Room,
  RoomInfo,
  SpectatorMessagePage,
  UpdateRoom,
} from '@clawtank/contracts';
import { type Observable, firstValueFrom } from 'rxjs';

/** How many entries a page of the past holds. */
const PAGE = 50;

/** A place in the room's log, from one side or from both. */
export type Place =
  { readonly before: number } | { readonly after: number } | { readonly around: number } | Record<never, never>;

export type MessageQuery = Place & {
  /** The message on which a thread hangs: it and what belongs to it. */
  readonly threadId?: string;
  readonly pinned?: 'true';
  readonly limit?: number;
};

export type ActivityQuery = Place & {
  readonly kind?: ActivityKind;
  /** Only what this person or agent did. */
  readonly actorId?: string;
};

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

  messages(roomId: string, query: MessageQuery): Promise<MessagePage> {
    return firstValueFrom(
      this.http.get<MessagePage>(`/api/rooms/${roomId}/messages`, { params: { limit: PAGE, ...query } }),
    );
  }

  /** What spectators say beside the room: the newest, or what changed since. */
  spectatorChat(roomId: string, query: { readonly sinceRevision?: number }): Promise<SpectatorMessagePage> {
    return firstValueFrom(
      this.http.get<SpectatorMessagePage>(`/api/rooms/${roomId}/spectator-chat`, { params: { limit: 100, ...query } }),
    );
  }

  message(roomId: string, messageId: string): Promise<ChatMessage> {
    return firstValueFrom(this.http.get<ChatMessage>(`/api/rooms/${roomId}/messages/${messageId}`));
  }

  /** What a message said before it was edited. */
  messageHistory(roomId: string, messageId: string): Promise<MessageHistory> {
    return firstValueFrom(this.http.get<MessageHistory>(`/api/rooms/${roomId}/messages/${messageId}/history`));
  }

  activity(roomId: string, query: ActivityQuery): Promise<ActivityPage> {
    return firstValueFrom(
      this.http.get<ActivityPage>(`/api/rooms/${roomId}/activity`, { params: { limit: PAGE, ...query } }),
    );
  }

  /** Uploads a file that a message will show; tells how far it is, then what became of it. */
  upload(roomId: string, file: File): Observable<HttpEvent<Attachment>> {
    return this.http.post<Attachment>(`/api/rooms/${roomId}/attachments`, file, {
      headers: {
        'Content-Type': file.type || 'application/octet-stream',
        'X-File-Name': encodeURIComponent(file.name),
      },
      reportProgress: true,
      observe: 'events',
    });
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
