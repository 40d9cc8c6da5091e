import { HttpClient } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import type {
  AssignRole,
  AuditAction,
  AuditPage,
  Ban,
  CreateInvitation,
  Invitation,
  NewInvitation,
  PersonalInvitation,
} from '@clawtank/contracts';
import { type Observable, firstValueFrom } from 'rxjs';

export type GivenRole = AssignRole['role'];

/** What whoever looks after a room asks of the server. Every refusal ends as an ApiProblem. */
@Service()
export class HostingApi {
  private readonly http = inject(HttpClient);

  assignRole(roomId: string, userId: string, role: GivenRole): Promise<unknown> {
    return done(this.http.put(`/api/rooms/${roomId}/members/${userId}/role`, { role }));
  }

  mute(roomId: string, memberId: string, minutes: number): Promise<unknown> {
    return done(this.http.put(`/api/rooms/${roomId}/members/${memberId}/mute`, { minutes }));
  }

  unmute(roomId: string, memberId: string): Promise<unknown> {
    return done(this.http.delete(`/api/rooms/${roomId}/members/${memberId}/mute`));
  }

  pauseAgent(roomId: string, agentId: string): Promise<unknown> {
    return done(this.http.put(`/api/rooms/${roomId}/agents/${agentId}/pause`, {}));
  }

  resumeAgent(roomId: string, agentId: string): Promise<unknown> {
    return done(this.http.delete(`/api/rooms/${roomId}/agents/${agentId}/pause`));
  }

  ban(roomId: string, userId: string, reason: string): Promise<unknown> {
    return done(this.http.post(`/api/rooms/${roomId}/bans`, { userId, reason }));
  }

  unban(roomId: string, userId: string): Promise<unknown> {
    return done(this.http.delete(`/api/rooms/${roomId}/bans/${userId}`));
  }

  bans(roomId: string): Promise<Ban[]> {
    return done(this.http.get<Ban[]>(`/api/rooms/${roomId}/bans`));
  }

  archive(roomId: string): Promise<unknown> {
    return done(this.http.post(`/api/rooms/${roomId}/archive`, {}));
  }

  unarchive(roomId: string): Promise<unknown> {
    return done(this.http.post(`/api/rooms/${roomId}/unarchive`, {}));
  }

  transfer(roomId: string, userId: string): Promise<unknown> {
    return done(this.http.post(`/api/rooms/${roomId}/transfer`, { userId }));
  }

  audit(roomId: string, { action, cursor }: { action?: AuditAction; cursor?: string }): Promise<AuditPage> {
    const params = { ...(action && { action }), ...(cursor && { cursor }) };
    return done(this.http.get<AuditPage>(`/api/rooms/${roomId}/audit`, { params }));
  }

  makeLink(roomId: string, wanted: Partial<CreateInvitation>): Promise<NewInvitation> {
    return done(this.http.post<NewInvitation>(`/api/rooms/${roomId}/invitations`, wanted));
  }

  links(roomId: string): Promise<Invitation[]> {
    return done(this.http.get<Invitation[]>(`/api/rooms/${roomId}/invitations`));
  }

  /** Takes back a link, or an invitation by name. */
  revoke(roomId: string, invitationId: string): Promise<unknown> {
    return done(this.http.delete(`/api/rooms/${roomId}/invitations/${invitationId}`));
  }

  invite(roomId: string, username: string): Promise<PersonalInvitation> {
    return done(this.http.post<PersonalInvitation>(`/api/rooms/${roomId}/invitations/people`, { username }));
  }

  invited(roomId: string): Promise<PersonalInvitation[]> {
    return done(this.http.get<PersonalInvitation[]>(`/api/rooms/${roomId}/invitations/people`));
  }
}

const done = <T>(request: Observable<T>): Promise<T> => firstValueFrom(request);
