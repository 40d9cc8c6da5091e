import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Examination } from '../conformance/examine.js';
import type { Step } from '../support/scripted-model/protocol.js';
import { type ModelTurn, ScriptedModel } from '../support/scripted-model/scripted-model.js';
import { Gateway } from './gateway.js';
import { SETUP_MS, taskIn } from './stage.js';

const START_MS = 120_000;
const PATIENCE_MS = 900_000;
const TASK = /(Request approval[^`]*)?create the file (\S+) with the text `([^`]*)`/i;
/**
 * The plugin keeps its own place in each conversation and leaves the agent's inbox alone: why, is said in its README. That the SDK deals
 * with inboxes rightly is shown with another agent.
 */
const NOT_SHOWN = /^inbox\./;

describe('the OpenClaw plugin in a gateway', () => {
  let examination: Examination;
  let model: ScriptedModel;
  let gateway: Gateway;
  beforeAll(async () => {
    examination = await Examination.begin();
    model = await ScriptedModel.start();
    model.script = doWhatIsAsked;
    gateway = await Gateway.set({
      modelUrl: model.url,
      // The kit says both by the environment.
      channel: { serverUrl: '${CLAWTANK_URL}', token: '${CLAWTANK_TOKEN}' },
      environment: { CLAWTANK_URL: examination.url, CLAWTANK_TOKEN: 'not yet known' },
    });
  }, SETUP_MS);
  afterAll(async () => {
    await gateway?.remove();
    await model?.stop();
    await examination?.end();
  });

  it(
    'keeps every promise of the protocol',
    async () => {
      const findings = await examination.find(gateway.startCommand, { startMs: START_MS });
      const wanting = findings.filter(({ id, outcome }) => outcome !== 'passed' && !NOT_SHOWN.test(id));
      expect(wanting).toEqual([]);
      expect(findings.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThanOrEqual(62);
    },
    PATIENCE_MS,
  );
});

/** A model that does what the conformance kit asks for, step by step. */
function doWhatIsAsked(turn: ModelTurn): Step {
  const { folder, taskId } = taskIn(turn);
  const [, needsLeave, file, text = ''] = TASK.exec(turn.prompt) ?? [];
  if (folder === undefined) {
    return { say: 'I have nothing to say to that.' };
  }
  const answers = turn.results.filter((result) => !result.includes('"state":"pending"'));
  const fails = (reason: string): Step => ({ call: 'fail_task', with: { taskId, reason } });
  const isRejected = answers.some((answer) => answer.includes('"state":"rejected"'));
  const steps: readonly Step[] =
    file === undefined
      ? [fails('I do not understand the task')]
      : [
          ...(needsLeave ? [askForLeave(taskId, file)] : []),
          ...(isRejected ? [fails('My owner did not approve it')] : submits(taskId, file, join(folder, file), text)),
        ];
  return steps[answers.length] ?? { say: 'Done.' };
}

const submits = (taskId: string | undefined, file: string, path: string, text: string): Step[] => [
  {
    call: 'write',
    with: { path, content: existsSync(path) ? `${readFileSync(path, 'utf8')}and more\n` : `${text}\n` },
  },
  { call: 'report_progress', with: { taskId, note: `Wrote ${file}` } },
  { call: 'submit_work', with: { taskId, summary: `Wrote ${file}` } },
];

const askForLeave = (taskId: string | undefined, file: string): Step => ({
  call: 'request_approval',
  with: { taskId, approvalId: `create:${file.replaceAll('/', ':')}`, kind: 'edit', title: `Create ${file}` },
});
