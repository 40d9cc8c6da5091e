import type { ChatMessage, DirectBadge, DirectMessage, DirectMessagePage, MessagePage } from '@clawtank/contracts';

const TIMEOUT_MS = 20_000;
const PAGE = 100;

/** The agent has no seat in the room, or what it asks for is not there. */
export class NotThere extends Error {}

/** What was said while nobody listened. */
export class History {
  constructor(
    private readonly server: URL,
    private readonly token: string,
  ) {}

  /** What was said in a room after a place in its log, oldest first, a page of it; with null, the newest page. */
  async messages(roomId: string, after: number | null): Promise<readonly ChatMessage[]> {
    const place = after === null ? '' : `&after=${after}`;
    const { messages } = await this.get<MessagePage>(`/api/rooms/${roomId}/messages?limit=${PAGE}${place}`);
    return messages;
  }

  async message(roomId: string, messageId: string): Promise<ChatMessage> {
    return this.get(`/api/rooms/${roomId}/messages/${messageId}`);
  }

  /** Those who have written to the agent alone, or it to them. */
  async correspondents(roomId: string): Promise<readonly string[]> {
    const conversations = await this.get<DirectBadge[]>(`/api/rooms/${roomId}/direct`);
    return conversations.map(({ member }) => member.id);
  }

  /** As `messages`, of the conversation with one member. */
  async directMessages(roomId: string, memberId: string, after: number | null): Promise<readonly DirectMessage[]> {
    const pages: DirectMessage[] = [];
    for (let before: number | undefined; ; before = pages[0]?.seq) {
      const place = before === undefined ? '' : `&before=${before}`;
      const page = await this.get<DirectMessagePage>(
        `/api/rooms/${roomId}/direct/${memberId}/messages?limit=${PAGE}${place}`,
      );
      const found = page.messages.filter(({ seq }) => seq > (after ?? -1));
      pages.unshift(...found);
      if (after === null || !page.hasMore || found.length < page.messages.length) {
        return pages;
      }
    }
  }

  private async get<Answer>(path: string): Promise<Answer> {
    const answer = await fetch(new URL(path, this.server), {
      headers: { authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status === 403 || answer.status === 404) {
      throw new NotThere(`${path.split('?')[0]}: ${answer.status}`);
    }
    if (!answer.ok) {
      throw new Error(`${path.split('?')[0]}: ${answer.status}`);
    }
    return (await answer.json()) as Answer;
  }
}
