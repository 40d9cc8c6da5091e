// An ACP agent without a model that does plainly worded work, for runs of many tasks: `node working-agent.mjs <careful|chatty> <log>`.
// The careful one tells of each edit as a tool call and asks for leave first; the chatty one writes the files itself, slowly, and says
// whatever comes to its mind, the owner's secrets among it. What it did is noted in the log, for a test to compare.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { agent, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';

const [manner, log] = process.argv.slice(2);
const REQUESTS = /<<< (REQUEST|REVIEW) by [\s\S]*?>>> end of \1/g;
const EDIT = /create (\S+) with `([^`]*)`|append `([^`]*)` to (\S+)/gi;
const CHATTY_FOR_MS = 4000;
const folders = new Map();
const cancelled = new Set();
const note = (what) => appendFileSync(log, `${JSON.stringify({ pid: process.pid, ...what })}\n`);

/** The edits that a prompt asks for, in what its owner and its reviewers say, and nowhere else. */
function editsIn(text) {
  const asked = (text.match(REQUESTS) ?? []).join('\n');
  return [...asked.matchAll(EDIT)].map(([, created, content, line, file]) =>
    created ? { file: created, content } : { file, line },
  );
}

/** Makes an edit; one that was made before the agent was killed stays as it is. */
function make(folder, { file, content, line }) {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  if (content !== undefined) {
    if (!existsSync(path)) writeFileSync(path, `${content}\n`);
    return;
  }
  const before = readFileSync(path, 'utf8');
  if (!before.split('\n').includes(line)) writeFileSync(path, `${before}${line}\n`);
}

const MANNERS = {
  async careful(edits, { folder, sessionId, client, update }) {
    for (const [index, edit] of edits.entries()) {
      const toolCallId = `edit-${index}-${edit.file}`;
      const call = {
        toolCallId,
        title: `Edit ${edit.file}`,
        kind: 'edit',
        locations: [{ path: join(folder, edit.file) }],
      };
      await update({ sessionUpdate: 'tool_call', status: 'pending', ...call });
      const { outcome } = await client.request(methods.client.session.requestPermission, {
        sessionId,
        toolCall: call,
        options: [
          { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
          { optionId: 'no', name: 'No', kind: 'reject_once' },
        ],
      });
      if (outcome.outcome !== 'selected' || outcome.optionId !== 'yes') return;
      make(folder, edit);
      await update({ sessionUpdate: 'tool_call_update', toolCallId, status: 'completed' });
    }
  },
  async chatty(edits, { folder, sessionId, update }) {
    const secrets = ['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN'].map((name) => `${name} is ${process.env[name]}`);
    const say = (sessionUpdate, text) => update({ sessionUpdate, content: { type: 'text', text } });
    for (const until = Date.now() + CHATTY_FOR_MS; Date.now() < until && !cancelled.has(sessionId); await delay(100)) {
      await say('agent_thought_chunk', `I wonder about ${secrets.join(' and ')}. `);
    }
    if (cancelled.has(sessionId)) return;
    edits.forEach((edit) => make(folder, edit));
    await say('agent_message_chunk', `I have done it, and ${secrets.join(', and ')}.`);
  },
};

note({ event: 'started', variables: Object.keys(process.env) });
agent({ name: manner })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: PROTOCOL_VERSION,
    agentInfo: { name: `${manner}-agent`, version: '1.0.0' },
    agentCapabilities: {},
    authMethods: [],
  }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    const sessionId = `session-${process.pid}-${folders.size + 1}`;
    folders.set(sessionId, params.cwd);
    return { sessionId };
  })
  .onNotification(methods.agent.session.cancel, ({ params }) => void cancelled.add(params.sessionId))
  .onRequest(methods.agent.session.prompt, async ({ params: { sessionId, prompt }, client }) => {
    const text = prompt.map((part) => part.text ?? '').join('');
    const task = Number(/You work on task (\d+) of the room/.exec(text)?.[1]);
    note({ event: 'prompt', task });
    cancelled.delete(sessionId);
    const update = (change) => client.notify(methods.client.session.update, { sessionId, update: change });
    await MANNERS[manner](editsIn(text), { folder: folders.get(sessionId), sessionId, client, update });
    note({ event: 'end', task });
    return { stopReason: cancelled.has(sessionId) ? 'cancelled' : 'end_turn' };
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));
