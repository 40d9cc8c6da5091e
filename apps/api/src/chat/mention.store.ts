import type { ChatMessage, Member } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { readMembers } from '../rooms/index.js';
import { mentionedNames, type Mentions, mentionsIn } from './domain/mentions.js';

const NOBODY: Mentions<Member> = { named: [], isForAll: false, addressed: [] };

/** Whom messages address: one row for each member and message, from which badges are counted. */
@Injectable()
export class MentionStore {
  async find(
    manager: EntityManager,
    roomId: string,
    authorId: string,
    text: string,
    alsoMentioned: readonly string[] = [],
  ): Promise<Mentions<Member>> {
    // Who is here is asked only where somebody may be meant: most messages mention nobody.
    if (alsoMentioned.length === 0 && mentionedNames(text).length === 0) {
      return NOBODY;
    }
    return mentionsIn(text, alsoMentioned, authorId, await readMembers(manager, roomId));
  }

  /** Makes these the ones whom the message addresses. */
  async replace(manager: EntityManager, message: ChatMessage, addressed: readonly Member[]): Promise<void> {
    await manager.query(`DELETE FROM message_mentions WHERE message_id = $1`, [message.id]);
    await this.save(manager, message, addressed);
  }

  async save(manager: EntityManager, { id, roomId, seq }: ChatMessage, addressed: readonly Member[]): Promise<void> {
    if (addressed.length > 0) {
      await manager.query(
        `INSERT INTO message_mentions (member_id, room_id, seq, message_id) SELECT unnest($1::uuid[]), $2, $3, $4`,
        [addressed.map((member) => member.id), roomId, seq, id],
      );
    }
  }
}
