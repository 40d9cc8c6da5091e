// An ACP agent without a model: it does what a script says. `node scripted-agent.mjs <folder>` reads `script.json` there and notes
// in `log.jsonl` what happened to it, so that a test can follow it through several processes.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { agent, methods, ndJsonStream, PROTOCOL_VERSION, RequestError } from '@agentclientprotocol/sdk';

const [folder] = process.argv.slice(2);
const script = JSON.parse(readFileSync(join(folder, 'script.json'), 'utf8'));
const log = join(folder, 'log.jsonl');
const note = (what) => appendFileSync(log, `${JSON.stringify({ pid: process.pid, ...what })}\n`);
const noted = () =>
  existsSync(log)
    ? readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];

note({ event: 'started', env: script.showsEnvironment ? process.env : undefined, args: process.argv.slice(2) });
if (script.ignoresTerm) process.on('SIGTERM', () => note({ event: 'term' }));
if (script.hasChild) {
  const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
  });
  note({ event: 'child', child: child.pid });
}
if (script.complains) process.stderr.write(`${script.complains}\n`);

let sessions = 0;
let cwd = process.cwd();
const cancelled = new Map();

const STEPS = {
  write: ([path, text]) => {
    const file = isAbsolute(path) ? path : join(cwd, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  },
  link: ([path, target]) => symlinkSync(target, join(cwd, path)),
  git: (args) => run('git', args),
  plan: (entries, { update }) =>
    update({
      sessionUpdate: 'plan',
      entries: entries.map(([content, status]) => ({ content, status, priority: 'medium' })),
    }),
  tool: (call, { update }) => update({ sessionUpdate: 'tool_call', status: 'in_progress', ...call }),
  think: (text, { update }) => update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } }),
  say: (text, { update }) => update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }),
  sleep: (milliseconds) => delay(milliseconds),
  /** Waits until the test has said this. */
  awaits: async (word) => {
    while (!existsSync(join(folder, `told-${word}`))) await delay(25);
  },
  /** Asks for leave and does `then` if it gets it. */
  ask: async ({ then = [], otherwise = [], ...call }, context) => {
    const toolCall = JSON.parse(JSON.stringify(call).replaceAll('{cwd}', cwd));
    const { outcome } = await context.client.request(methods.client.session.requestPermission, {
      sessionId: context.sessionId,
      toolCall,
      options: [
        { optionId: 'always', name: 'Always', kind: 'allow_always' },
        { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
        { optionId: 'no', name: 'No', kind: 'reject_once' },
      ],
    });
    note({ event: 'answer', toolCallId: toolCall.toolCallId, outcome });
    await perform(outcome.outcome === 'selected' && outcome.optionId === 'yes' ? then : otherwise, context);
  },
  hang: async (_, { sessionId }) => {
    await Promise.race([
      delay(600_000, undefined, { ref: false }),
      script.ignoresCancel ? new Promise(() => {}) : until(sessionId),
    ]);
  },
  crash: (code) => process.exit(code),
  fail: (message) => {
    throw new RequestError(-32603, message);
  },
};

async function perform(steps, context) {
  for (const step of steps) {
    if (!script.ignoresCancel && cancelled.get(context.sessionId)?.isCancelled) return;
    const [[name, argument]] = Object.entries(step);
    await STEPS[name](argument, context);
  }
}

function until(sessionId) {
  return new Promise((resolve) => (cancelled.get(sessionId).resolve = resolve));
}

async function run(program, args) {
  const child = spawn(program, args, { cwd, stdio: 'ignore' });
  await new Promise((resolve) => child.once('close', resolve));
}

const { resume, load } = script.capabilities ?? {};
const open =
  (how) =>
  ({ params }) => {
    if (script.forgetful && how !== 'new') throw new RequestError(-32002, 'No such session');
    cwd = params.cwd;
    const sessionId = params.sessionId ?? `session-${process.pid}-${++sessions}`;
    note({ event: how, sessionId, cwd });
    const modes = script.modes && {
      currentModeId: script.modes[0],
      availableModes: script.modes.map((id) => ({ id, name: id })),
    };
    return { ...(how === 'new' && { sessionId }), ...(modes && { modes }) };
  };

agent({ name: 'scripted' })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: script.protocolVersion ?? PROTOCOL_VERSION,
    agentInfo: { name: 'scripted-agent', version: '1.2.3' },
    agentCapabilities: { loadSession: Boolean(load), sessionCapabilities: { ...(resume && { resume: {} }) } },
    authMethods: script.authMethods ?? [],
  }))
  .onRequest(methods.agent.session.new, open('new'))
  .onRequest(methods.agent.session.resume, open('resume'))
  .onRequest(methods.agent.session.load, async (request) => {
    const answer = open('load')(request);
    await request.client.notify(methods.client.session.update, {
      sessionId: request.params.sessionId,
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'A replayed sentence' } },
    });
    await delay(200); // long enough to be told, if anybody listens
    return answer;
  })
  .onRequest(methods.agent.session.setMode, ({ params }) => {
    note({ event: 'mode', mode: params.modeId });
    return {};
  })
  .onNotification(methods.agent.session.cancel, ({ params }) => {
    note({ event: 'cancel' });
    const turn = cancelled.get(params.sessionId);
    if (turn && !script.ignoresCancel) {
      turn.isCancelled = true;
      turn.resolve?.();
    }
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const { sessionId } = params;
    const turn = noted().filter(({ event }) => event === 'prompt').length;
    note({ event: 'prompt', sessionId, text: params.prompt.map(({ text }) => text).join('') });
    cancelled.set(sessionId, { isCancelled: false });
    const update = (change) => client.notify(methods.client.session.update, { sessionId, update: change });
    const steps = script.turns[Math.min(turn, script.turns.length - 1)];
    await perform(
      steps.filter((step) => !('stop' in step)),
      { client, sessionId, update },
    );
    const isCancelled = cancelled.get(sessionId).isCancelled;
    const stopReason = isCancelled ? 'cancelled' : (steps.find((step) => 'stop' in step)?.stop ?? 'end_turn');
    note({ event: 'end', stopReason });
    return { stopReason };
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));
