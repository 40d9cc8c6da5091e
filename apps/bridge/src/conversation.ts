import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionUpdate } from '@agentclientprotocol/sdk';
import { type AgentRoom, NotDelivered } from '@clawtank/agent-sdk';
import {
  NO_ANSWER,
  ProgressDigest,
  type Question,
  questionOf,
  type Redact,
  shortened,
  talkPrompt,
  type Update,
} from '@clawtank/agent-work';
import { type AgentSelf, type InboxItem, MAX_MESSAGE_LENGTH, type RoomContext } from '@clawtank/contracts';
import { AgentAtWork } from './agent-at-work.js';
import { placeOfAnswer, sayOnce } from './answer.js';
import type { BridgeOptions } from './bridge-options.js';
import type { Allowable } from './domain/permission-policy.js';
import { PermissionDesk } from './permission-desk.js';
import { type KnownProcess, killStaleGroup } from './process-group.js';
import { asTaskFailure } from './task-failure.js';

/** What somebody who only asks may have the agent do without anybody's leave: look at what is there. */
const HARMLESS: ReadonlySet<Allowable> = new Set(['reads', 'searches']);
const ANSWERED: readonly InboxItem['kind'][] = ['mention', 'answer', 'direct_message'];

interface ConversationParts {
  readonly self: AgentSelf;
  readonly folder: string;
  readonly options: BridgeOptions;
  /** What the agent sees of the owner's environment. */
  readonly environment: NodeJS.ProcessEnv;
  readonly redact: Redact;
  readonly log: (line: string) => void;
}

/**
 * Answers people who turn to the agent in words: one turn in an empty folder, without leave for anything, and one message. What asks
 * for work comes as a task and is not answered here, nor is what other agents say: they would never stop.
 */
export class Conversation {
  constructor(private readonly parts: ConversationParts) {}

  /** Ends what an earlier run left behind when it was killed. */
  endLeftOver(): void {
    const left = knownProcess(this.processFile);
    if (left && killStaleGroup(left)) {
      this.parts.log(`Ended process ${left.pid}, which an earlier run left behind`);
    }
  }

  /** Rejects if the agent is to stop: then the question comes again. Whatever else happens, the question is answered once. */
  async answer(item: InboxItem, room: AgentRoom, signal: AbortSignal): Promise<void> {
    const question = questionOf(item, this.parts.self);
    if (!question || !ANSWERED.includes(item.kind) || item.asksForWork || item.actor.type !== 'human') {
      return;
    }
    if (room.state?.messages.some(({ clientMessageId }) => clientMessageId === answerIdOf(item))) {
      return; // before this program was killed
    }
    const words = await this.wordsFor(item, question, room, signal);
    if (words !== '' && words !== NO_ANSWER) {
      await this.say(item, room, words);
    }
  }

  private get processFile(): string {
    return join(this.parts.folder, 'talk', 'process.json');
  }

  private async wordsFor(item: InboxItem, question: Question, room: AgentRoom, signal: AbortSignal): Promise<string> {
    const { log, redact, self } = this.parts;
    log(`${question.author} ${question.isDirect ? 'writes to me' : 'turns to me'}`);
    const prompt = talkPrompt(question, self, await contextOf(room, signal));
    const digest = new ProgressDigest();
    const agent = await this.hire(item, prompt, digest, signal);
    try {
      await agent.begin(false);
      return redact(digest.lastWords);
    } catch (error) {
      signal.throwIfAborted();
      const failure = asTaskFailure(error, new Date());
      if (!failure) {
        throw error;
      }
      log(`No answer: ${redact(failure.message)}`);
      return `I cannot answer now. ${redact(failure.message)}`;
    } finally {
      await agent.dismiss();
    }
  }

  private async hire(item: InboxItem, task: string, digest: ProgressDigest, signal: AbortSignal): Promise<AgentAtWork> {
    const { options, environment, redact, log, self } = this.parts;
    const folder = join(this.parts.folder, 'talk', item.roomId);
    await mkdir(folder, { recursive: true });
    const desk = new PermissionDesk({
      task: { id: keyOf(item), fence: 0, isForOwner: item.actor.id === self.ownerId },
      folder,
      allowed: HARMLESS,
      redact,
      ask: () => Promise.resolve('rejected'),
    });
    return new AgentAtWork({
      ...{ options, environment, folder, task, digest, signal, log },
      earlierSession: null,
      updated: (update: SessionUpdate) => {
        if (update.sessionUpdate === 'tool_call' || update.sessionUpdate === 'tool_call_update') {
          desk.learn(update);
        }
        digest.take(update as Update);
      },
      permission: (request) => desk.answer(request),
      remember: async (change) => {
        if ('process' in change) {
          await writeFile(this.processFile, JSON.stringify(change.process), { mode: 0o600 });
        }
      },
    });
  }

  private async say({ roomId: _, ...item }: InboxItem, room: AgentRoom, words: string): Promise<void> {
    const { direct, event } = item;
    const clientMessageId = answerIdOf(item);
    const text = shortened(words, MAX_MESSAGE_LENGTH);
    if (direct) {
      await sayOnce(() => room.sayDirectly(direct.userId, text, { clientMessageId }), this.parts.log);
    } else if (event?.type === 'chat.message') {
      const place = placeOfAnswer(event.data.message);
      await sayOnce(() => room.say(text, { clientMessageId, ...place }), this.parts.log);
    }
  }
}

/** What the room is like now; waits for a connection if there is none. */
async function contextOf(room: AgentRoom, signal: AbortSignal): Promise<RoomContext> {
  for (;;) {
    try {
      return await room.context();
    } catch (error) {
      if (!(error instanceof NotDelivered)) {
        throw error;
      }
      await once(room, 'joined', { signal });
    }
  }
}

const keyOf = ({ direct, event }: Pick<InboxItem, 'direct' | 'event'>): string =>
  createHash('sha256')
    .update(direct?.id ?? event?.id ?? '')
    .digest('hex')
    .slice(0, 32);

const answerIdOf = (item: Pick<InboxItem, 'direct' | 'event'>): string => `answer:${keyOf(item)}`;

function knownProcess(path: string): KnownProcess | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as KnownProcess | null;
  } catch {
    return null;
  }
}
