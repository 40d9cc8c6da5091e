import { HttpClient } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import type {
  Badges,
  NotificationLevel,
  NotificationPage,
  PersonalInvitation,
  Room,
  RoomPreferences,
} from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';

/** What the reader has not read, is told about and is invited to, asked over HTTP. Every refusal ends as an ApiProblem. */
@Service()
export class AttentionApi {
  private readonly http = inject(HttpClient);

  badges(): Promise<Badges> {
    return firstValueFrom(this.http.get<Badges>('/api/me/badges'));
  }

  notifications(cursor: string | null = null): Promise<NotificationPage> {
    return firstValueFrom(
      this.http.get<NotificationPage>('/api/me/notifications', { params: { ...(cursor && { cursor }) } }),
    );
  }

  /** The named ones, or all of them. */
  readNotifications(ids?: readonly string[]): Promise<unknown> {
    return firstValueFrom(this.http.post('/api/me/notifications/read', ids ? { ids } : {}));
  }

  prefer(roomId: string, level: NotificationLevel): Promise<RoomPreferences> {
    return firstValueFrom(this.http.put<RoomPreferences>(`/api/rooms/${roomId}/preferences`, { level }));
  }

  invitations(): Promise<PersonalInvitation[]> {
    return firstValueFrom(this.http.get<PersonalInvitation[]>('/api/me/invitations'));
  }

  accept(invitationId: string): Promise<Room> {
    return firstValueFrom(this.http.post<Room>(`/api/me/invitations/${invitationId}/accept`, {}));
  }

  decline(invitationId: string): Promise<unknown> {
    return firstValueFrom(this.http.post(`/api/me/invitations/${invitationId}/decline`, {}));
  }
}
