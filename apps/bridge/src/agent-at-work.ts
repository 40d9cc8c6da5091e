import type {
  RequestPermissionRequest,
  RequestPermissionResponse,
  SessionUpdate,
  StopReason,
} from '@agentclientprotocol/sdk';
import {
  assistant,
  CONTINUE_PROMPT,
  GO_ON_PROMPT,
  type ProgressDigest,
  REFUSED_PROMPT,
  startOverPrompt,
} from '@clawtank/agent-work';
import { AcpAgent, AgentDied } from './acp/acp-agent.js';
import { runTurn } from './acp/turn.js';
import { TurnClock } from './acp/turn-clock.js';
import type { BridgeOptions } from './bridge-options.js';
import { classify } from './domain/failure.js';
import type { KnownProcess } from './process-group.js';
import { agentFailure, TaskFailed } from './task-failure.js';

/** How often an agent that died is started again, and one that stopped early is told to go on, in one task. */
const MAX_RESUMPTIONS = 1;
const MAX_GO_ONS = 2;

interface Parts {
  readonly options: BridgeOptions;
  readonly environment: NodeJS.ProcessEnv;
  /** The worktree. */
  readonly folder: string;
  /** The task as the agent is told it; said again to an agent that has forgotten. */
  readonly task: string;
  /** The session of an interrupted run. */
  readonly earlierSession: string | null;
  readonly digest: ProgressDigest;
  readonly signal: AbortSignal;
  updated(update: SessionUpdate): void;
  permission(request: RequestPermissionRequest): Promise<RequestPermissionResponse>;
  /** Called before anything counts on it. */
  remember(change: { readonly process: KnownProcess | null } | { readonly sessionId: string }): Promise<void>;
  log(line: string): void;
}

/** The ACP agent of one task: started in its worktree, given its turns, taken up again if it dies, and gone at the end. */
export class AgentAtWork {
  /** The program that helps, as a trailer of a commit names it. */
  name = '';
  private readonly clock: TurnClock;
  private agent: AcpAgent | null = null;
  private sessionId: string | null;
  private resumptions = 0;
  /** What it had said in this turn when it was last refused something. */
  private saidWhenRefused: string | null = null;

  constructor(private readonly parts: Parts) {
    this.clock = new TurnClock(parts.options);
    this.sessionId = parts.earlierSession;
  }

  /** The first turn: the task, or what is left of it if it was begun before. */
  async begin(wasBegun: boolean): Promise<void> {
    const remembers = await this.start();
    await this.turn(wasBegun ? this.continuation(remembers) : this.parts.task);
  }

  /** One turn: continued by a new process if the agent dies, and told to go on if it stops of its own accord. */
  async turn(text: string): Promise<void> {
    let next: string | null = text;
    for (let goOns = 0; next !== null;) {
      try {
        next = await this.attempt(next, goOns++);
      } catch (error) {
        this.parts.signal.throwIfAborted();
        if (!(error instanceof AgentDied) || !this.mayResume(error)) {
          throw error;
        }
        this.parts.log(`${error.message}. Starting it again`);
        next = this.continuation(await this.start());
      }
    }
  }

  /** Ends the agent with all that it started. */
  async dismiss(): Promise<void> {
    await this.agent?.end(this.parts.options.killGraceMs);
    this.agent = null;
  }

  /** What is to be said next; null when the turn came to a good end. */
  private async attempt(text: string, goOns: number): Promise<string | null> {
    const { options, signal, digest } = this.parts;
    const { agent, sessionId, clock } = this;
    if (!agent || sessionId === null) {
      throw new Error('The agent was not started');
    }
    digest.beginTurn();
    this.saidWhenRefused = null;
    const end = await runTurn(agent, { sessionId, text }, { cancelGraceMs: options.cancelGraceMs, signal, clock });
    if (end.kind === 'hung') {
      throw new TaskFailed(`The agent hung: ${end.why}`, true);
    }
    if (this.gaveUpWhenRefused(end.stopReason) && goOns < MAX_GO_ONS) {
      return REFUSED_PROMPT;
    }
    switch (end.stopReason) {
      case 'end_turn':
        return null;
      case 'max_tokens':
      case 'max_turn_requests':
        if (goOns < MAX_GO_ONS) {
          return GO_ON_PROMPT;
        }
        break;
      case 'refusal':
        throw new TaskFailed(`The agent refused: ${digest.lastWords || 'it gave no reason'}`, false);
    }
    const said = digest.lastWords && `. It said: ${digest.lastWords}`;
    throw agentFailure(`it stopped early (${end.stopReason})${said}`, new Date());
  }

  /** Many agents end their turn where they stand, without a word, when they are refused something. */
  private gaveUpWhenRefused(stopReason: StopReason): boolean {
    const isSilent = this.parts.digest.lastWords === this.saidWhenRefused;
    return this.saidWhenRefused !== null && (stopReason === 'cancelled' || (stopReason === 'end_turn' && isSilent));
  }

  private async permission(request: RequestPermissionRequest): Promise<RequestPermissionResponse> {
    const response = await this.parts.permission(request);
    const { outcome } = response;
    const chosen = outcome.outcome === 'selected' && request.options.find((one) => one.optionId === outcome.optionId);
    if (chosen && chosen.kind.startsWith('reject')) {
      this.saidWhenRefused = this.parts.digest.lastWords;
    }
    return response;
  }

  /** An agent that died for want of quota would only die again. */
  private mayResume({ message }: AgentDied): boolean {
    return classify(message, new Date()).kind === 'other' && this.resumptions++ < MAX_RESUMPTIONS;
  }

  private continuation(remembers: boolean): string {
    return remembers ? CONTINUE_PROMPT : startOverPrompt(this.parts.task);
  }

  /** Starts the agent with the session it had. True if it remembers what happened in that. */
  private async start(): Promise<boolean> {
    await this.dismiss();
    const { options, environment, folder, signal, remember } = this.parts;
    signal.throwIfAborted();
    const { command } = options;
    const more = (await command.argsFor?.(folder, environment)) ?? [];
    const agent = await AcpAgent.start({ ...command, args: [...command.args, ...more] }, folder, environment, {
      updated: (update) => this.updated(update),
      permission: (request) => this.clock.standStill(() => this.permission(request)),
    });
    this.agent = agent;
    this.name = assistant(agent.title);
    await remember({ process: agent.process.identity });
    const { sessionId, remembers } = await agent.openSession(folder, this.sessionId, command.mode);
    this.sessionId = sessionId;
    await remember({ sessionId });
    return remembers;
  }

  private updated(update: SessionUpdate): void {
    this.clock.stir();
    this.parts.updated(update);
  }
}
