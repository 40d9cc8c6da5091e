// What of OpenClaw the plugin needs to run, with an agent in it that has no model: it does what the conformance kit asks for, by the
// plugin's own tools. So the kit sees the plugin as it is published, without the minutes that a gateway takes to be killed and started.
import { existsSync, mkdirSync, appendFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { CLAWTANK_URL, CLAWTANK_TOKEN, CLAWTANK_WORK_FOLDER } = process.env;
const TASK = /(Request approval[^`]*)?create the file (\S+) with the text `([^`]*)`/i;

/** `openclaw/plugin-sdk/*`, as far as it is only a form for what the plugin says. */
const SDK = `
export const createChatChannelPlugin = (channel) => channel;
export const defineChannelPluginEntry = (entry) => entry;
export const defineSetupPluginEntry = (plugin) => plugin;
export const defineChannelMessageAdapter = (adapter) => adapter;
export const registerChannelRuntimeContext = () => null;
export const resolveApprovalOverGateway = async () => undefined;
export const createMessageReceiptFromOutboundResults = () => ({});
export class PlatformMessageNotDispatchedError extends Error {}
`;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('openclaw/plugin-sdk/')
      ? { url: `data:text/javascript,${encodeURIComponent(SDK)}`, shortCircuit: true }
      : next(specifier, context),
});

const { default: entry } = await import(pathToFileURL('dist/openclaw-channel/dist/index.js').href);
let toolsFor;
entry.registerFull({ registerTool: (factory) => (toolsFor = factory) });

const taken = new Set();

const runtime = {
  version: 'none',
  state: { resolveStateDir: () => join(CLAWTANK_WORK_FOLDER, 'state') },
  agent: { resolveAgentWorkspaceDir: () => join(CLAWTANK_WORK_FOLDER, 'workspace') },
  channel: {
    routing: {
      resolveAgentRoute: ({ channel, peer }) => ({
        agentId: 'main',
        sessionKey: `agent:main:${channel}:${peer.kind}:${peer.id}`,
      }),
    },
    inbound: {
      ingress: {
        resolveStable: async ({ allowFrom, subject }) => ({
          ingress: { admission: ['*', subject.stableId].some((id) => allowFrom.includes(id)) ? 'dispatch' : 'drop' },
        }),
      },
      buildContext: (facts) => facts,
      dispatch: async ({ ctxPayload, route, replyOptions, delivery }) => {
        if (taken.has(ctxPayload.messageId)) return { dispatched: true };
        taken.add(ctxPayload.messageId);
        replyOptions.onAgentRunStart();
        const tools = new Map(toolsFor({ sessionKey: route.sessionKey }).map((tool) => [tool.name, tool]));
        const use = async (name, input) =>
          (await tools.get(name).execute(`call-${ctxPayload.messageId}-${name}`, input, replyOptions.abortSignal))
            .details;
        const said = await work(ctxPayload.message.bodyForAgent, use, replyOptions);
        if (said) await delivery.deliver({ text: said }, { kind: 'final' });
        return { dispatched: true };
      },
    },
  },
};

/** The agent's turn; answers its last words. */
async function work(prompt, use, { onItemEvent }) {
  const [, folder] = /The files of the task are in (\S+), a git worktree/.exec(prompt) ?? [];
  if (folder === undefined) return 'I have nothing to say to that.';
  const [, taskId] = /the taskId ([\w-]{36})/.exec(prompt);
  const [, needsLeave, file, text] = TASK.exec(prompt) ?? [];
  if (needsLeave) {
    const step = { approvalId: `create:${file.replaceAll('/', ':')}`, kind: 'edit', title: `Create ${file}` };
    const { state } = await use('request_approval', { taskId, ...step });
    if (state !== 'approved') {
      await use('fail_task', { taskId, reason: 'My owner did not approve it' });
      return '';
    }
  }
  if (!file) {
    await use('fail_task', { taskId, reason: 'I do not understand the task' });
    return '';
  }
  const path = join(folder, file);
  onItemEvent({ kind: 'tool', toolCallId: 'write', title: `Write ${file}`, phase: 'start' });
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) appendFileSync(path, 'and more\n');
  else writeFileSync(path, `${text}\n`);
  await use('report_progress', { taskId, note: `Wrote ${file}` });
  await use('submit_work', { taskId, summary: `Wrote ${file}` });
  return 'Done.';
}

const cfg = { channels: { clawtank: { serverUrl: CLAWTANK_URL, token: CLAWTANK_TOKEN } } };
const { base } = entry.plugin;
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());
entry.setRuntime(runtime);
await base.gateway.startAccount({
  cfg,
  accountId: 'default',
  account: base.config.resolveAccount(cfg),
  abortSignal: stopping.signal,
  log: console,
  setStatus: () => undefined,
});
