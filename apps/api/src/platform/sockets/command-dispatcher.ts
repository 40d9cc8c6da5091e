import {
  type AgentAction,
  type CommandInput,
  type CommandName,
  commandOfAction,
  type CommandReply,
  COMMANDS,
  type Reply,
} from '@clawtank/contracts';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Caller } from '../caller.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { DiscoveredMethods } from '../discovered-methods.js';
import { parse } from '../errors/parse.js';
import { asRefusal } from '../errors/problem.filter.js';
import { Refusal } from '../errors/refusal.js';
import { type Limiter, RateLimits } from '../rate-limits.js';
import { Telemetry } from '../telemetry.js';
import { COMMAND_HANDLER } from './command.js';
import type { Connection } from './connection.js';

type Handler = (caller: Caller, request: unknown, connection: Connection | null) => unknown;

/** Whether a handler asks for the connection, as those do whose command is about it: to follow a room, to type, to be away. */
const needsConnection = (handler: Handler): boolean => handler.length > 2;

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);

/** Takes every command to its handler and always comes back with a reply, whatever happens. */
@Injectable()
export class CommandDispatcher implements OnApplicationBootstrap {
  private readonly logger = new Logger(CommandDispatcher.name);
  private readonly handlers = new Map<CommandName, Handler>();
  private readonly limiter: Limiter;

  constructor(
    private readonly methods: DiscoveredMethods,
    private readonly telemetry: Telemetry,
    limits: RateLimits,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.limiter = limits.named('commands', { points: settings.commandsPerMinute, seconds: 60 });
  }

  onApplicationBootstrap(): void {
    for (const { mark, owner, call } of this.methods.markedBy<CommandName>(COMMAND_HANDLER)) {
      if (this.handlers.has(mark)) {
        throw new Error(`The command ${mark} has a second handler: ${owner}`);
      }
      this.handlers.set(mark, call);
    }
    // The specification's one message for agents is each of its commands in another shape.
    this.handlers.set('agent_action', (caller, action, connection) => {
      const { name, request } = commandOfAction(action as AgentAction);
      return this.call(name, caller, request, connection);
    });
    const missing = Object.keys(COMMANDS).filter((name) => !this.handlers.has(name as CommandName));
    if (missing.length > 0) {
      throw new Error(`No handler for the commands: ${missing.join(', ')}`);
    }
  }

  dispatch(name: string, request: unknown, connection: Connection): Promise<Reply<unknown>> {
    const { caller } = connection;
    return this.answer(isCommand(name) ? name : 'unknown', caller, () => this.call(name, caller, request, connection));
  }

  /** Runs a command of somebody who has no socket here; what is about a connection is refused. */
  dispatchFor<Name extends CommandName>(
    caller: Caller,
    name: Name,
    request: CommandInput<Name>,
  ): Promise<Reply<CommandReply<Name>>> {
    return this.answer(name, caller, () => this.call(name, caller, request, null) as CommandReply<Name>);
  }

  /** Answers a caller as commands are answered: out of the same budget, always with a reply, and measured under `name`. */
  async answer<Answer>(
    name: string,
    caller: Caller,
    ask: () => Answer | Promise<Answer>,
  ): Promise<Reply<Awaited<Answer>>> {
    const done = this.telemetry.commandSeconds.startTimer();
    const reply = await this.run(caller, ask);
    done({ command: name, outcome: reply.ok ? 'ok' : reply.error.code });
    return reply;
  }

  private call(name: string, caller: Caller, request: unknown, connection: Connection | null): unknown {
    const handler = isCommand(name) ? this.handlers.get(name) : undefined;
    if (!handler || !isCommand(name)) {
      throw new Refusal('unknown_command', `There is no command called ${name.slice(0, 60)}`);
    }
    const { callers, request: schema } = COMMANDS[name];
    if (!callers.includes(caller.type)) {
      throw new Refusal('forbidden', `${name} is not for ${caller.type === 'agent' ? 'agents' : 'people'}`);
    }
    if (connection === null && needsConnection(handler)) {
      throw new Refusal('forbidden', `${name} is about a connection, and there is none`);
    }
    return handler(caller, parse(schema, request), connection);
  }

  private async run<Answer>(caller: Caller, ask: () => Answer | Promise<Answer>): Promise<Reply<Awaited<Answer>>> {
    try {
      await this.limiter.consume(caller.id);
      const data = await ask();
      return { ok: true, data: data ?? ({} as Awaited<Answer>) };
    } catch (error) {
      const { refusal, isBug } = asRefusal(error);
      if (isBug) {
        this.logger.error(error);
      }
      return { ok: false, error: refusal.toReplyError() };
    }
  }
}
