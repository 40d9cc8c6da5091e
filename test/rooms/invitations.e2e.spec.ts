import type { AuditPage, Invitation, NewInvitation, PersonalInvitation, Room } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { outcome } from '../support/outcome.js';
import { Person, uniqueName } from '../support/people.js';

/** Two applications on one database: what holds between them holds between processes. */
describe('invitations', () => {
  let server: TestServer;
  let other: TestServer;
  let ann: Person;
  let guests: Person[];

  beforeAll(async () => {
    server = await startTestServer();
    other = await startTestServer({ database: server.database });
    ann = await Person.register(server.url);
    guests = await Promise.all(Array.from({ length: 20 }, () => Person.register(server.url)));
  }, 60_000);
  afterAll(async () => {
    await other.close();
    await server.close();
  });

  const invite = (roomId: string, request: object = {}, by = ann) =>
    by.request<NewInvitation>('POST', `/api/rooms/${roomId}/invitations`, request);
  const accept = (guest: Person, token: string) => guest.request<Room>('POST', `/api/invitations/${token}/accept`);
  const links = (roomId: string) => ann.request<Invitation[]>('GET', `/api/rooms/${roomId}/invitations`);
  const expire = (id: string) =>
    server.app
      .get(DataSource)
      .query(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
  const [bob, eve] = [() => guests[0]!, () => guests[1]!];

  describe('by link', () => {
    it('admit exactly five of twenty who use a link of five uses at once, at two servers', async () => {
      const { id: roomId } = await ann.createRoom();
      const { token, invitation } = await invite(roomId, { uses: 5 });
      const outcomes = await Promise.all(
        guests.map((guest, index) => outcome(accept(index % 2 ? guest : guest.at(other.url), token))),
      );
      expect(outcomes.filter((one) => one === 'ok')).toHaveLength(5);
      expect(outcomes.filter((one) => one === 'invitation_invalid')).toHaveLength(15);
      const { members } = await ann.request<Room>('GET', `/api/rooms/${roomId}`);
      expect(members).toHaveLength(6);
      expect(await links(roomId)).toMatchObject([{ id: invitation.id, uses: 5, maxUses: 5 }]);
    });

    it('are not used up by somebody who is in the room already, nor by somebody for whom there is no seat', async () => {
      const { id: roomId } = await ann.createRoom({ settings: { maxMembers: 2 } });
      const { token } = await invite(roomId, { uses: 5 });
      await accept(bob(), token);
      await accept(bob(), token);
      expect(await outcome(accept(eve(), token))).toBe('room_full');
      expect(await links(roomId)).toMatchObject([{ uses: 1 }]);
    });

    it('end when their time is over, or when they are revoked, and say who made them', async () => {
      const { id: roomId } = await ann.createRoom();
      const { token: first } = await invite(roomId, { expiresInHours: 1 });
      await accept(bob(), first);
      const [late, revoked] = [await invite(roomId, {}, bob()), await invite(roomId, {}, bob())];
      await expire(late.invitation.id);
      await ann.request('DELETE', `/api/rooms/${roomId}/invitations/${revoked.invitation.id}`);
      for (const { token } of [late, revoked]) {
        expect(await outcome(accept(eve(), token))).toBe('invitation_invalid');
        expect(await outcome(eve().request('GET', `/api/invitations/${token}`))).toBe('invitation_invalid');
      }
      const [newest, , oldest] = await links(roomId);
      expect(newest).toMatchObject({ id: revoked.invitation.id, createdByName: bob().name });
      expect(newest?.revokedAt).not.toBeNull();
      expect(oldest).toMatchObject({ createdByName: ann.name, uses: 1 });
    });

    it('are revoked in their own room only', async () => {
      const [{ id: roomId }, { id: elsewhere }] = [await ann.createRoom(), await eve().createRoom()];
      const { invitation } = await invite(roomId);
      expect(await outcome(eve().request('DELETE', `/api/rooms/${elsewhere}/invitations/${invitation.id}`))).toBe(
        'not_found',
      );
    });
  });

  describe('by name', () => {
    const call = (roomId: string, username: string, by = ann) =>
      by.request<PersonalInvitation>('POST', `/api/rooms/${roomId}/invitations/people`, { username });
    const mine = async (person: Person, roomId: string) => {
      const invitations = await person.request<PersonalInvitation[]>('GET', '/api/me/invitations');
      return invitations.filter(({ room }) => room.id === roomId);
    };
    const ofRoom = (roomId: string) =>
      ann.request<PersonalInvitation[]>('GET', `/api/rooms/${roomId}/invitations/people`);
    const answer = (person: Person, id: string, how: 'accept' | 'decline') =>
      person.request<Room>('POST', `/api/me/invitations/${id}/${how}`);
    const announced = async () => {
      const rows = await server.app
        .get(DataSource)
        .query<{ action: string }[]>(
          `SELECT action FROM audit_entries WHERE action = 'invitation.created' AND target IS NOT NULL`,
        );
      return rows.length;
    };

    it('are found by the person, with the room and who asks, and admit them once', async () => {
      const { id: roomId, name } = await ann.createRoom({ description: 'What for' });
      const made = await call(roomId, bob().name.toUpperCase());
      expect(made).toMatchObject({
        room: { id: roomId, name, description: 'What for' },
        invitee: { id: bob().id, name: bob().name },
        invitedBy: { id: ann.id, name: ann.name },
      });
      expect(await mine(bob(), roomId)).toEqual([made]);
      expect(await ofRoom(roomId)).toEqual([made]);
      expect(await links(roomId)).toEqual([]);

      const room = await answer(bob(), made.id, 'accept');
      expect(room.members.map(({ id }) => id)).toEqual([ann.id, bob().id]);
      await answer(bob(), made.id, 'accept');
      expect([...(await mine(bob(), roomId)), ...(await ofRoom(roomId))]).toEqual([]);

      await bob().request('POST', `/api/rooms/${roomId}/leave`);
      expect(await outcome(answer(bob(), made.id, 'accept'))).toBe('invitation_invalid');
    });

    it('are one for each person, however often and at whatever server they are asked', async () => {
      const { id: roomId } = await ann.createRoom();
      const before = await announced();
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, index) => call(roomId, bob().name, index % 2 ? ann : ann.at(other.url))),
      );
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(await announced()).toBe(before + 1);
    });

    it('can be declined, revoked and run out, and then be made anew', async () => {
      const { id: roomId } = await ann.createRoom();
      const ends = [
        (id: string) => answer(bob(), id, 'decline'),
        (id: string) => ann.request('DELETE', `/api/rooms/${roomId}/invitations/${id}`),
        (id: string) => expire(id),
      ];
      const seen = new Set<string>();
      for (const end of ends) {
        const { id } = await call(roomId, bob().name);
        expect(seen).not.toContain(id);
        seen.add(id);
        await end(id);
        expect(await outcome(answer(bob(), id, 'accept'))).toBe('invitation_invalid');
        expect([...(await mine(bob(), roomId)), ...(await ofRoom(roomId))]).toEqual([]);
      }
    });

    it('are nobody else’s to answer', async () => {
      const { id: roomId } = await ann.createRoom();
      const { id } = await call(roomId, bob().name);
      expect(await outcome(answer(eve(), id, 'accept'))).toBe('invitation_invalid');
      expect(await outcome(answer(eve(), id, 'decline'))).toBe('invitation_invalid');
      expect(await mine(bob(), roomId)).toHaveLength(1);
    });

    it('say what is wrong with a name', async () => {
      const { id: roomId } = await ann.createRoom();
      expect(await outcome(call(roomId, uniqueName('nobody')))).toBe('not_found');
      expect(await outcome(call(roomId, ann.name))).toBe('already_member');
      const gone = await Person.register(server.url);
      await gone.request('DELETE', `/api/users/${gone.id}`);
      expect(await outcome(call(roomId, gone.name))).toBe('not_found');
      expect(await outcome(call(roomId, bob().name, eve()))).toBe('not_found'); // who may not invite learns nothing
    });

    it('wait while the room is archived', async () => {
      const { id: roomId } = await ann.createRoom();
      const { id } = await call(roomId, eve().name);
      await ann.request('POST', `/api/rooms/${roomId}/archive`);
      expect(await mine(eve(), roomId)).toEqual([]);
      expect(await outcome(answer(eve(), id, 'accept'))).toBe('room_archived');
      await ann.request('POST', `/api/rooms/${roomId}/unarchive`);
      await answer(eve(), id, 'accept');
    });

    it('admit the last seat’s taker only, of two who accept at once', async () => {
      const { id: roomId } = await ann.createRoom({ settings: { maxMembers: 2 } });
      const [one, two] = [await call(roomId, bob().name), await call(roomId, eve().name)];
      const outcomes = await Promise.all([
        outcome(answer(bob(), one.id, 'accept')),
        outcome(answer(eve().at(other.url), two.id, 'accept')),
      ]);
      expect(outcomes.sort()).toEqual(['ok', 'room_full']);
    });

    it('are on record, as links are', async () => {
      const { id: roomId } = await ann.createRoom();
      const { id } = await call(roomId, bob().name);
      await ann.request('DELETE', `/api/rooms/${roomId}/invitations/${id}`);
      await ann.request('DELETE', `/api/rooms/${roomId}/invitations/${id}`);
      await invite(roomId, { uses: 3 });
      const { entries } = await ann.request<AuditPage>('GET', `/api/rooms/${roomId}/audit`);
      expect(entries.map(({ action, target }) => [action, target])).toEqual([
        ['invitation.created', null],
        ['invitation.revoked', bob().name],
        ['invitation.created', bob().name],
        ['room.created', null],
      ]);
    });
  });
});
