import { once } from 'node:events';
import { type AgentClient, CommandRefused } from '@clawtank/agent-sdk';
import type { CommandInput, ErrorCode } from '@clawtank/contracts';
import { piecesOf } from './domain/pieces.js';
import { formatTarget, type Target } from './domain/target.js';

/** How a message hangs together with others. */
export type Place = Pick<CommandInput<'chat_message'>, 'replyTo' | 'threadId' | 'visibility'>;

/** The agent is not connected, and nothing was sent. */
export class Speechless extends Error {}

/** What the server says of a message that answers one which is gone. */
const GONE: ReadonlySet<ErrorCode> = new Set(['not_found', 'invalid_input']);

/** Says things in rooms and to their members: each once, by the id it is given, however often and in whatever words it is tried. */
export class Mouth {
  constructor(private readonly client: AgentClient) {}

  /** Says a text, in as many messages as it takes; `idOf` names each of them. Resolves with their ids once the server has them. */
  async say(target: Target, text: string, idOf: (part: number) => string, place: Place = {}): Promise<string[]> {
    const said: string[] = [];
    for (const [part, piece] of piecesOf(text).entries()) {
      said.push(await this.sayOnce(target, piece, idOf(part), place));
    }
    return said;
  }

  /** Resolves when there is a connection; rejects with `Speechless` if there is none within the time. */
  async ready(withinMs: number, signal?: AbortSignal): Promise<void> {
    if (this.client.isConnected) {
      return;
    }
    const limit = AbortSignal.timeout(withinMs);
    try {
      await once(this.client, 'connected', { signal: signal ? AbortSignal.any([limit, signal]) : limit });
    } catch (cause) {
      throw new Speechless('The agent is not connected to ClawTank', { cause });
    }
  }

  private async sayOnce(target: Target, message: string, clientMessageId: string, place: Place): Promise<string> {
    try {
      return await this.send(target, message, clientMessageId, place);
    } catch (error) {
      if (error instanceof CommandRefused && error.code === 'command_id_reused') {
        return clientMessageId; // it was said before, in other words: a model that is asked again seldom uses the same
      }
      throw error;
    }
  }

  private async send(target: Target, message: string, clientMessageId: string, place: Place): Promise<string> {
    const { roomId } = target;
    switch (target.kind) {
      case 'room':
        return this.post({ roomId, message, clientMessageId, ...place });
      case 'direct': {
        const { memberId: toMemberId } = target;
        return (await this.client.command('direct_message', { roomId, toMemberId, message, clientMessageId })).id;
      }
      case 'task':
        throw new Error(`Nothing is said to ${formatTarget(target)}`);
    }
  }

  /** What is answered may be gone by now; the answer is not. */
  private async post(message: CommandInput<'chat_message'>): Promise<string> {
    const { replyTo, threadId, ...alone } = message;
    try {
      return (await this.client.command('chat_message', message)).id;
    } catch (error) {
      if (error instanceof CommandRefused && (replyTo ?? threadId) !== undefined && GONE.has(error.code)) {
        return (await this.client.command('chat_message', alone)).id;
      }
      throw error;
    }
  }
}
