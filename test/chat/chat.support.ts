import type { ChatMessage, MessagePage, SendMessage } from '@clawtank/contracts';
import { accepted, command, Person, type RoomSocket } from '../support/people.js';

/** Somebody in a room, with a socket. */
export class Speaker {
  private constructor(
    readonly person: Person,
    readonly socket: RoomSocket,
    readonly roomId: string,
  ) {}

  static async of(person: Person, roomId: string): Promise<Speaker> {
    return new Speaker(person, await person.connect(), roomId);
  }

  get id(): string {
    return this.person.id;
  }

  say(message: string, more: Partial<SendMessage> = {}): Promise<ChatMessage> {
    return accepted(this.socket, 'chat_message', { roomId: this.roomId, message, ...more });
  }

  edit(messageId: string, message: string): Promise<ChatMessage> {
    return accepted(this.socket, 'edit_message', { roomId: this.roomId, messageId, message });
  }

  delete(messageId: string): Promise<ChatMessage> {
    return accepted(this.socket, 'delete_message', { roomId: this.roomId, messageId });
  }

  react(messageId: string, emoji: string, on = true): Promise<ChatMessage> {
    return accepted(this.socket, 'react', { roomId: this.roomId, messageId, emoji, on });
  }

  pin(messageId: string, pinned = true): Promise<ChatMessage> {
    return accepted(this.socket, 'pin_message', { roomId: this.roomId, messageId, pinned });
  }

  messages(query = ''): Promise<MessagePage> {
    return this.person.request<MessagePage>('GET', `/api/rooms/${this.roomId}/messages${query}`);
  }
}

/** Why a command was refused. */
export const refusal = async (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'accepted',
    (error: unknown) =>
      (error as { code?: string; problem?: { code: string } }).code ??
      (error as { problem?: { code: string } }).problem?.code,
  );

export { command };

/** A room of its own with its host and as many members as asked for. */
export async function aRoom(url: string, memberCount = 1, room: Parameters<Person['createRoom']>[0] = {}) {
  const host = await Person.register(url);
  const { id } = await host.createRoom(room);
  const members: Person[] = [];
  for (let index = 0; index < memberCount; index++) {
    const member = await Person.register(url);
    await host.invite(id, member);
    members.push(member);
  }
  const speakers = await Promise.all([host, ...members].map((person) => Speaker.of(person, id)));
  return { roomId: id, speakers, close: () => speakers.forEach(({ socket }) => socket.close()) };
}
