import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chatCompletions } from './chat-completions.js';
import { generateContent } from './generate-content.js';
import { messages } from './messages.js';
import type { Protocol, Question, Step } from './protocol.js';
import { responses } from './responses.js';

/** A turn as the model sees it. */
export interface ModelTurn {
  /** What the model was told last by whoever it works for. */
  readonly prompt: string;
  /** What the tools answered that it has called since. */
  readonly results: readonly string[];
  /** The names of all tools it may call. */
  readonly tools: readonly string[];
}

export type Script = (turn: ModelTurn) => Step | Promise<Step>;

const PROTOCOLS: readonly Protocol[] = [chatCompletions, responses, messages, generateContent];

/** A model without a mind, at an address that speaks what agents speak with models: it does what the test's script says. */
export class ScriptedModel {
  readonly turns: ModelTurn[] = [];
  /** All that it was ever sent, word for word. */
  readonly heard: string[] = [];
  script: Script = () => ({ say: 'I have nothing to say.' });
  private answers = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ScriptedModel> {
    const server = createServer();
    const model = new ScriptedModel(server);
    server.on('request', (request, response) => void model.hear(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return model;
  }

  /** Without a path: some agents want one of their own behind it. */
  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) {
      text += String(chunk);
    }
    const [path = ''] = (request.url ?? '').split('?');
    const protocol = request.method === 'POST' && PROTOCOLS.find((one) => one.speaks(path));
    if (!protocol) {
      response.writeHead(404).end();
      return;
    }
    this.heard.push(text);
    const body = JSON.parse(text) as unknown;
    const turn = turnOf(protocol.read(body));
    this.turns.push(turn);
    const step = await this.script(turn);
    protocol.answer(step, String(++this.answers), { path, body }, response);
  }
}

/** What came after the end of the turn before: an answer that calls no tool. */
function turnOf({ conversation, tools }: Question): ModelTurn {
  const end = conversation.findLastIndex((entry) => entry.from === 'model' && !entry.callsTool);
  const since = conversation.slice(end + 1);
  const said = (wanted: 'user' | 'tool'): string[] =>
    since.flatMap((entry) => (entry.from === wanted ? [entry.text] : []));
  return { prompt: said('user').join('\n\n'), results: said('tool'), tools };
}
