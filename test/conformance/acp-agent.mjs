// An ACP agent without a model that does what the conformance kit asks for, and asks for leave when it is told to.
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { agent, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';

const TASK = /(Request approval[^`]*)?create the file (\S+) with the text `([^`]*)`/i;
const folders = new Map();

async function work({ sessionId, prompt }, client) {
  const [, needsLeave, file, text] = TASK.exec(prompt.map((part) => part.text ?? '').join('')) ?? [];
  if (!file) return;
  if (needsLeave && !(await mayGoOn(sessionId, file, client))) return;
  const path = join(folders.get(sessionId), file);
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) appendFileSync(path, 'and more\n');
  else writeFileSync(path, `${text}\n`);
}

async function mayGoOn(sessionId, file, client) {
  const { outcome } = await client.request(methods.client.session.requestPermission, {
    sessionId,
    toolCall: {
      toolCallId: `create-${file}`,
      title: `Create ${file}`,
      kind: 'execute',
      rawInput: { command: `touch ${file}` },
    },
    options: [
      { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
      { optionId: 'no', name: 'No', kind: 'reject_once' },
    ],
  });
  return outcome.outcome === 'selected' && outcome.optionId === 'yes';
}

agent({ name: 'conformance' })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: PROTOCOL_VERSION,
    agentInfo: { name: 'conformance-agent', version: '1.0.0' },
    agentCapabilities: {},
    authMethods: [],
  }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    const sessionId = `session-${folders.size + 1}`;
    folders.set(sessionId, params.cwd);
    return { sessionId };
  })
  .onNotification(methods.agent.session.cancel, () => undefined)
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    await work(params, client);
    return { stopReason: 'end_turn' };
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));
