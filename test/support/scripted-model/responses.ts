import { type Entry, type Protocol, sendEvents, type Step, type Text, textOf } from './protocol.js';

interface Item {
  readonly type?: string;
  readonly role?: string;
  readonly content?: Text;
  readonly output?: Text;
}

interface Body {
  readonly input: readonly Item[];
  readonly tools?: readonly { readonly type: string; readonly name?: string }[];
}

/** OpenAI's responses, as Codex speaks them: always as a stream. */
export const responses: Protocol = {
  speaks: (path) => path.endsWith('/responses'),

  read(body) {
    const { input, tools = [] } = body as Body;
    return { conversation: input.flatMap(entryOf), tools: tools.map(({ type, name }) => name ?? type) };
  },

  answer(step, id, _, response) {
    const item = itemOf(step, id);
    const answer = { id: `response-${id}`, object: 'response', model: 'scripted-1' };
    const usage = { input_tokens: 10, output_tokens: 10, total_tokens: 20 };
    const place = { output_index: 0, item_id: item.id, content_index: 0 };
    sendEvents(response, [
      { type: 'response.created', response: { ...answer, status: 'in_progress' } },
      { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress' } },
      ...('say' in step ? [{ type: 'response.output_text.delta', ...place, delta: step.say }] : []),
      { type: 'response.output_item.done', output_index: 0, item: { ...item, status: 'completed' } },
      { type: 'response.completed', response: { ...answer, status: 'completed', output: [item], usage } },
    ]);
  },
};

function itemOf(step: Step, id: string) {
  if ('say' in step) {
    const content = [{ type: 'output_text', text: step.say, annotations: [] }];
    return { id: `message-${id}`, type: 'message', role: 'assistant', content };
  }
  const { call: name, with: input } = step;
  const call = { id: `item-${id}`, call_id: `call-${id}`, name };
  return typeof input === 'string'
    ? { ...call, type: 'custom_tool_call', input }
    : { ...call, type: 'function_call', arguments: JSON.stringify(input) };
}

function entryOf({ type = 'message', role, content, output }: Item): Entry[] {
  if (type.endsWith('_call_output')) {
    return [{ from: 'tool', text: textOf(output) }];
  }
  if (type.endsWith('_call')) {
    return [{ from: 'model', callsTool: true }];
  }
  if (type !== 'message' || (role !== 'user' && role !== 'assistant')) {
    return [];
  }
  return [role === 'user' ? { from: 'user', text: textOf(content) } : { from: 'model', callsTool: false }];
}
