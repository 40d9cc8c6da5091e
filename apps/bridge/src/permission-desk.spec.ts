import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ToolCallFacts } from './domain/tool-call.js';
import { PermissionDesk, type StepToApprove } from './permission-desk.js';

const OPTIONS = [
  { optionId: 'always', name: 'Always', kind: 'allow_always' },
  { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
  { optionId: 'no', name: 'No', kind: 'reject_once' },
] as const;
const YES = { outcome: { outcome: 'selected', optionId: 'yes' } };
const NO = { outcome: { outcome: 'selected', optionId: 'no' } };

let folder: string;
let asked: StepToApprove[];
let decision: 'approved' | 'rejected';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'clawtank-desk-')));
  asked = [];
  decision = 'rejected';
});
afterEach(() => rmSync(folder, { recursive: true }));

const desk = ({ isForOwner = true } = {}) =>
  new PermissionDesk({
    task: { id: 'task', fence: 2, isForOwner },
    folder,
    allowed: new Set(['edits', 'reads']),
    redact: (text) => text.replaceAll('hunter2', '[secret]'),
    ask: async (step) => {
      asked.push(step);
      return decision;
    },
  });

const request = (call: Partial<ToolCallFacts>, options: readonly (typeof OPTIONS)[number][] = OPTIONS) => ({
  sessionId: 'session',
  toolCall: { toolCallId: 'call', ...call } as never,
  options: [...options],
});
const edit = (call: Partial<ToolCallFacts>) => request({ kind: 'edit', title: 'Edit', ...call });

describe('the owner’s standing permission', () => {
  it.each([
    ['a file in the worktree', () => ({ locations: [{ path: 'docs/one.md' }] })],
    ['a file in the worktree by its full name', () => ({ rawInput: { file_path: join(folder, 'one.md') } })],
    ['a file whose name only looks like git’s', () => ({ locations: [{ path: '.gitignore' }] })],
  ])('reaches %s', async (_, call) => {
    expect(await desk().answer(edit(call()))).toEqual(YES);
    expect(asked).toEqual([]);
  });

  it.each([
    ['a file beside the worktree', () => ({ locations: [{ path: `${folder}-2/one.md` }] })],
    ['a file above it', () => ({ locations: [{ path: '../one.md' }] })],
    ['a file in the home folder', () => ({ locations: [{ path: '~/.bashrc' }] })],
    ['one of several files', () => ({ locations: [{ path: 'one.md' }, { path: '/etc/hosts' }] })],
    [
      'a file in a corner of the input',
      () => ({ locations: [{ path: 'a' }], rawInput: { edits: [{ path: '/etc' }] } }),
    ],
    ['a file of a change', () => ({ content: [{ type: 'diff' as const, path: '/etc/hosts', newText: '' }] })],
    ['a file behind a link that leads out', () => ({ locations: [{ path: 'out/one.md' }] })],
    ['what a dangling link leads to', () => ({ locations: [{ path: 'dangling' }] })],
    ['a link in a circle', () => ({ locations: [{ path: 'circle' }] })],
    ['what git keeps for itself', () => ({ locations: [{ path: '.git/config' }] })],
    ['git’s own file, however it is written', () => ({ locations: [{ path: 'sub/.GIT' }] })],
    ['nothing that it names', () => ({})],
  ])('does not reach %s', async (_, call) => {
    symlinkSync(tmpdir(), join(folder, 'out'));
    symlinkSync(join(tmpdir(), 'nowhere', 'at-all'), join(folder, 'dangling'));
    symlinkSync('circle', join(folder, 'circle'));

    expect(await desk().answer(edit(call()))).toEqual(NO);
    expect(asked).toHaveLength(1);
  });

  it('reaches no kind that was not named, and no kind that cannot be', async () => {
    const locations = [{ path: 'one.md' }];
    for (const kind of ['search', 'execute', 'fetch', 'other', undefined]) {
      await desk().answer(request({ kind, locations }));
    }
    expect(asked.map(({ kind }) => kind)).toEqual(['read', 'execute', 'network', 'other', 'other']);
  });

  it('does not reach what others than the owner asked for', async () => {
    expect(await desk({ isForOwner: false }).answer(edit({ locations: [{ path: 'one.md' }] }))).toEqual(NO);
  });

  it('looks also at what was told of the call before', async () => {
    const strict = desk();
    strict.learn({ toolCallId: 'call', kind: 'edit', locations: [{ path: '/etc/hosts' }] });
    await strict.answer(request({}));
    expect(asked[0]).toMatchObject({ kind: 'edit', detail: 'Touches: /etc/hosts' });
  });
});

describe('asking', () => {
  it('names a step the same after a restart, and anew when it is asked again', async () => {
    const [before, after] = [desk(), desk()];
    await before.answer(request({}));
    await before.answer(request({}));
    await after.answer(request({}));

    const [first, again, restarted] = asked.map(({ approvalId }) => approvalId);
    expect(restarted).toBe(first);
    expect(again).not.toBe(first);
    expect(first).toMatch(/^step:[0-9a-f]{40}$/);
  });

  it('says exactly what would be done, without secrets', async () => {
    await desk().answer(request({ title: 'Run\n it', kind: 'execute', rawInput: { command: 'login hunter2' } }));
    expect(asked[0]).toMatchObject({ title: 'Run it', detail: '$ login [secret]' });
  });

  it('names files of the worktree as the repository does', async () => {
    await desk().answer(request({ title: `Write ${folder}/docs/one.md`, kind: 'edit' }));
    expect(asked[0]).toMatchObject({ title: 'Write docs/one.md' });
  });

  it('gives leave for once, and none at all where only for always is offered', async () => {
    decision = 'approved';
    expect(await desk().answer(request({}))).toEqual(YES);
    expect(await desk().answer(request({}, [OPTIONS[0], OPTIONS[2]]))).toEqual({ outcome: { outcome: 'cancelled' } });
  });

  it('answers that it was cancelled when there will be no answer', async () => {
    const silent = new PermissionDesk({
      task: { id: 'task', fence: 1, isForOwner: true },
      folder,
      allowed: new Set(),
      redact: (text) => text,
      ask: () => Promise.reject(new Error('The lease is lost')),
    });
    expect(await silent.answer(request({}))).toEqual({ outcome: { outcome: 'cancelled' } });
  });
});
