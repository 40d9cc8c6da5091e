import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the model does next: it says something and its turn ends, or it calls a tool. */
export type Step = { readonly say: string } | { readonly call: string; readonly with: object };

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

interface Message {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content?: string | readonly { readonly type: string; readonly text?: string }[] | null;
  readonly tool_calls?: readonly unknown[];
}

interface Completion {
  readonly stream?: boolean;
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

/** A model without a mind, at an address that speaks OpenAI's protocol: it does what the test's script says. */
export class ScriptedModel {
  readonly turns: ModelTurn[] = [];
  script: Script = () => ({ say: 'I have nothing to say.' });
  private calls = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ScriptedModel> {
    const server = createServer();
    const model = new ScriptedModel(server);
    server.on('request', (request, response) => void model.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) {
      body += String(chunk);
    }
    if (!request.url?.endsWith('/chat/completions')) {
      response.writeHead(404).end();
      return;
    }
    const completion = JSON.parse(body) as Completion;
    const turn = turnOf(completion);
    this.turns.push(turn);
    const step = await this.script(turn);
    const id = `call-${++this.calls}`;
    const delta =
      'say' in step
        ? { content: step.say }
        : {
            tool_calls: [
              { index: 0, id, type: 'function', function: { name: step.call, arguments: JSON.stringify(step.with) } },
            ],
          };
    const finish = 'say' in step ? 'stop' : 'tool_calls';
    const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
    const head = { id: `completion-${this.calls}`, created: 1, model: 'scripted-1' };
    if (!completion.stream) {
      const choice = { index: 0, message: { role: 'assistant', content: null, ...delta }, finish_reason: finish };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ...head, object: 'chat.completion', choices: [choice], usage }));
      return;
    }
    response.setHeader('content-type', 'text/event-stream');
    const send = (choice: object, more: object = {}): boolean =>
      response.write(
        `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }], ...more })}\n\n`,
      );
    send({ delta: { role: 'assistant', ...delta }, finish_reason: null });
    send({ delta: {}, finish_reason: finish }, { usage });
    response.end('data: [DONE]\n\n');
  }
}

/** What came after the end of the turn before: an answer that calls no tool. */
function turnOf({ messages, tools = [] }: Completion): ModelTurn {
  const end = messages.findLastIndex(({ role, tool_calls: calls }) => role === 'assistant' && !calls?.length);
  const since = messages.slice(end + 1);
  const said = (wanted: Message['role']): string[] => since.filter(({ role }) => role === wanted).map(textOf);
  return {
    prompt: said('user').join('\n\n'),
    results: said('tool'),
    tools: tools.map(({ function: { name } }) => name),
  };
}

function textOf({ content }: Message): string {
  if (!content) {
    return '';
  }
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('');
}
