import type { ServerResponse } from 'node:http';

/** What the model does next: it says something and its turn ends, or it calls a tool, one that takes but a text with that. */
export type Step = { readonly say: string } | { readonly call: string; readonly with: object | string };

/** One entry of a conversation, as far as a script looks at it. */
export type Entry =
  { readonly from: 'user' | 'tool'; readonly text: string } | { readonly from: 'model'; readonly callsTool: boolean };

/** What an agent asks the model. */
export interface Question {
  readonly conversation: readonly Entry[];
  /** The names of all tools the model may call. */
  readonly tools: readonly string[];
}

/** One of the protocols that agents speak with models. */
export interface Protocol {
  /** Whether a request to this path speaks it. */
  speaks(path: string): boolean;
  read(body: unknown): Question;
  /** Answers the request with a step; `id` is unlike that of any other answer. */
  answer(step: Step, id: string, request: { readonly path: string; readonly body: unknown }, to: ServerResponse): void;
}

export function sendJson(response: ServerResponse, answer: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answer));
}

/** Sends server-sent events, each under the name of its type if it has one. */
export function sendEvents(response: ServerResponse, events: readonly object[], last = ''): void {
  response.setHeader('content-type', 'text/event-stream');
  for (const event of events) {
    const name = 'type' in event ? `event: ${String(event.type)}\n` : '';
    response.write(`${name}data: ${JSON.stringify(event)}\n\n`);
  }
  response.end(last);
}

/** A text that a protocol lets be written whole or in parts. */
export type Text = string | readonly { readonly text?: string }[] | null | undefined;

export const textOf = (text: Text): string =>
  typeof text === 'string' ? text : (text ?? []).map(({ text: part = '' }) => part).join('');
