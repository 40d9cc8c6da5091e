import { type Entry, type Protocol, sendEvents, sendJson, type Step } from './protocol.js';

interface Part {
  readonly text?: string;
  readonly functionCall?: object;
  readonly functionResponse?: { readonly response?: object };
}

interface Body {
  readonly contents: readonly { readonly role?: string; readonly parts?: readonly Part[] }[];
  readonly tools?: readonly { readonly functionDeclarations?: readonly { readonly name: string }[] }[];
}

/** Google's generateContent, as Gemini CLI speaks it. */
export const generateContent: Protocol = {
  speaks: (path) => /:(?:streamG|g)enerateContent$/.test(path),

  read(body) {
    const { contents, tools = [] } = body as Body;
    const declared = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
    return { conversation: contents.flatMap(entriesOf), tools: declared.map(({ name }) => name) };
  },

  answer(step, id, { path }, response) {
    const content = { role: 'model', parts: [partOf(step, id)] };
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 };
    const answer = { candidates: [{ index: 0, content, finishReason: 'STOP' }], usageMetadata };
    if (path.endsWith(':streamGenerateContent')) {
      sendEvents(response, [answer]);
    } else {
      sendJson(response, answer);
    }
  },
};

const partOf = (step: Step, id: string): Part =>
  'say' in step ? { text: step.say } : { functionCall: { id: `call-${id}`, name: step.call, args: step.with } };

function entriesOf({ role, parts = [] }: Body['contents'][number]): Entry[] {
  if (role === 'model') {
    return [{ from: 'model', callsTool: parts.some(({ functionCall }) => functionCall) }];
  }
  return parts.map(({ text = '', functionResponse }) =>
    functionResponse ? { from: 'tool', text: JSON.stringify(functionResponse.response) } : { from: 'user', text },
  );
}
