import type { Update } from '@clawtank/agent-work';
import type { ItemEvent } from 'openclaw/plugin-sdk/channel-core';

const TALK: ReadonlySet<string> = new Set(['preamble', 'commentary', 'analysis', 'thinking', 'reasoning']);
/** Turns beginning and ending, which say nothing of the work. */
const PLUMBING: ReadonlySet<string> = new Set(['lifecycle']);

/** What an item of OpenClaw's says about the progress of the work; null if nothing. */
export function updateOf({
  kind = '',
  itemId,
  toolCallId,
  title,
  name,
  status,
  progressText,
  summary,
}: ItemEvent): Update | null {
  const lane = kind.trim().toLowerCase();
  if (PLUMBING.has(lane)) {
    return null;
  }
  const text = (progressText ?? summary ?? '').trim();
  if (TALK.has(lane)) {
    return text === '' ? null : { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: `\n${text}` } };
  }
  const what = title ?? name;
  if (!what) {
    return null;
  }
  return {
    sessionUpdate: 'tool_call',
    toolCallId: toolCallId ?? itemId ?? what,
    title: what,
    ...(status && { status }),
  };
}
