import { type Entry, type Protocol, sendEvents, sendJson, type Text, textOf } from './protocol.js';

interface Message {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content?: Text;
  readonly tool_calls?: readonly unknown[];
}

interface Body {
  readonly stream?: boolean;
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

const USAGE = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };

/** OpenAI's chat completions, as OpenCode, Qwen Code and OpenClaw speak them. */
export const chatCompletions: Protocol = {
  speaks: (path) => path.endsWith('/chat/completions'),

  read(body) {
    const { messages, tools = [] } = body as Body;
    return { conversation: messages.flatMap(entryOf), tools: tools.map(({ function: { name } }) => name) };
  },

  answer(step, id, { body }, response) {
    const call = 'call' in step && {
      ...{ index: 0, id: `call-${id}`, type: 'function' },
      function: { name: step.call, arguments: JSON.stringify(step.with) },
    };
    const delta = 'say' in step ? { content: step.say } : { tool_calls: [call] };
    const finish = 'say' in step ? 'stop' : 'tool_calls';
    const head = { id: `completion-${id}`, created: 1, model: 'scripted-1' };
    if (!(body as Body).stream) {
      const choice = { index: 0, message: { role: 'assistant', content: null, ...delta }, finish_reason: finish };
      sendJson(response, { ...head, object: 'chat.completion', choices: [choice], usage: USAGE });
      return;
    }
    const chunk = (choice: object, more: object = {}): object => ({
      ...{ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, ...choice }], ...more },
    });
    const events = [
      chunk({ delta: { role: 'assistant', ...delta }, finish_reason: null }),
      chunk({ delta: {}, finish_reason: finish }, { usage: USAGE }),
    ];
    sendEvents(response, events, 'data: [DONE]\n\n');
  },
};

function entryOf({ role, content, tool_calls: calls = [] }: Message): Entry[] {
  switch (role) {
    case 'user':
    case 'tool':
      return [{ from: role, text: textOf(content) }];
    case 'assistant':
      return [{ from: 'model', callsTool: calls.length > 0 }];
    default:
      return [];
  }
}
