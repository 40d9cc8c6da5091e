import { type Entry, type Protocol, sendEvents, sendJson, type Step, type Text, textOf } from './protocol.js';

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly content?: Text;
}

interface Message {
  readonly role: string;
  readonly content: string | readonly Block[];
}

interface Body {
  readonly stream?: boolean;
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly name: string }[];
}

const USAGE = { input_tokens: 10, output_tokens: 10 };

/** Anthropic's messages, as Claude Code speaks them. */
export const messages: Protocol = {
  speaks: (path) => path.endsWith('/messages'),

  read(body) {
    const { messages: all, tools = [] } = body as Body;
    return { conversation: all.flatMap(entriesOf), tools: tools.map(({ name }) => name) };
  },

  answer(step, id, { body }, response) {
    const head = { ...{ id: `message-${id}`, type: 'message', role: 'assistant', model: 'scripted-1' } };
    const reason = { stop_reason: 'say' in step ? 'end_turn' : 'tool_use', stop_sequence: null };
    if (!(body as Body).stream) {
      sendJson(response, { ...head, content: [blockOf(step, id)], ...reason, usage: USAGE });
      return;
    }
    sendEvents(response, [
      {
        type: 'message_start',
        message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: USAGE },
      },
      { type: 'content_block_start', index: 0, content_block: { ...blockOf(step, id), ...emptyOf(step) } },
      { type: 'content_block_delta', index: 0, delta: deltaOf(step) },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: reason, usage: USAGE },
      { type: 'message_stop' },
    ]);
  },
};

const blockOf = (step: Step, id: string): object =>
  'say' in step
    ? { type: 'text', text: step.say }
    : { type: 'tool_use', id: `toolu_${id}`, name: step.call, input: step.with };

const emptyOf = (step: Step): object => ('say' in step ? { text: '' } : { input: {} });

const deltaOf = (step: Step): object =>
  'say' in step
    ? { type: 'text_delta', text: step.say }
    : { type: 'input_json_delta', partial_json: JSON.stringify(step.with) };

function entriesOf({ role, content }: Message): Entry[] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  if (role === 'assistant') {
    return [{ from: 'model', callsTool: blocks.some(({ type }) => type === 'tool_use') }];
  }
  if (role !== 'user') {
    return [];
  }
  return blocks.flatMap((block): Entry[] => {
    switch (block.type) {
      case 'text':
        return [{ from: 'user', text: block.text ?? '' }];
      case 'tool_result':
        return [{ from: 'tool', text: textOf(block.content) }];
      default:
        return [];
    }
  });
}
