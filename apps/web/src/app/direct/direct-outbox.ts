import { Service, inject } from '@angular/core';
import type { DirectMessage } from '@clawtank/contracts';
import { LiveSocket } from '../core/connection/live-socket';
import { newCommandId } from '../core/connection/new-command-id';
import type { Outgoing } from '../core/outbox/outbox-storage';
import { SendingQueue } from '../core/outbox/sending-queue';

/** What the reader has written to somebody and the server has not taken yet. */
export interface PendingDirect extends Outgoing {
  readonly roomId: string;
  readonly memberId: string;
  readonly text: string;
}

/**
 * Direct messages on their way, those to one member one at a time. They are kept apart from what is said in rooms, so that
 * nothing that sends those can ever say them aloud.
 */
@Service()
export class DirectOutbox {
  private readonly socket = inject(LiveSocket);
  private readonly queue = new SendingQueue<PendingDirect, DirectMessage>({
    names: { database: 'clawtank.direct', tabs: 'clawtank.direct' },
    laneOf: ({ roomId, memberId }) => `${roomId}/${memberId}`,
    deliver: ({ roomId, memberId, text, clientMessageId }) =>
      this.socket.ask('direct_message', { roomId, toMemberId: memberId, message: text, clientMessageId }),
    taken: (_, message) => this.delivered(message),
  });
  private delivered: (message: DirectMessage) => void = () => undefined;

  constructor() {
    this.socket.whenConnected(() => void this.queue.sendAll());
  }

  /** What waits for this member of this room, oldest first. */
  pending(roomId: string, memberId: string): readonly PendingDirect[] {
    return this.queue.waiting().filter((message) => message.roomId === roomId && message.memberId === memberId);
  }

  /** Calls `listener` with what the server made of each message, until what it returns is called. */
  whenDelivered(listener: (message: DirectMessage) => void): () => void {
    this.delivered = listener;
    return () => void (this.delivered === listener && (this.delivered = () => undefined));
  }

  /** Resolves once the message is kept on this device; it is on its way then. */
  add(roomId: string, memberId: string, text: string): Promise<void> {
    return this.queue.add({
      clientMessageId: newCommandId(),
      readerId: this.queue.readerId(),
      roomId,
      memberId,
      text,
      createdAt: new Date().toISOString(),
      refusal: null,
    });
  }

  /** Sends a refused message once more, after those that are waiting. */
  retry(clientMessageId: string): Promise<void> {
    return this.queue.retry(clientMessageId);
  }

  discard(clientMessageId: string): Promise<void> {
    return this.queue.discard(clientMessageId);
  }
}
