import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import {
  type AgentDeed,
  type AgentKey,
  type AgentLimitsOverview,
  type AgentOverview,
  type Task,
  type TaskDetail,
  USUAL_AGENT_LIMITS,
} from '@clawtank/contracts';
import { LiveSocket } from '../../core/connection/live-socket';
import { MyRooms } from '../../core/my-rooms';
import { problemInterceptor } from '../../core/problem/problem.interceptor';
import { FreshTokens } from '../fresh-tokens';
import { conditionOf } from './agent-condition';
import { AgentPage } from './agent-page';
import { deedWords, withoutRepeats } from './deed-words';

const AT = '2026-11-21T10:00:00.000Z';
const HARBOUR: AgentOverview['rooms'][number] = {
  id: 'harbour',
  name: 'Harbour',
  pausedAt: null,
  agentsPaused: false,
  archivedAt: null,
  messagesOfDay: { own: 3, all: 20 },
  messagesOfWeek: { own: 12, all: 120 },
  tasksDone: 4,
  tasksFailed: 1,
};

const anOverview = (
  changes: Partial<AgentOverview> = {},
  agent: Partial<AgentOverview['agent']> = {},
): AgentOverview => ({
  agent: {
    id: 'a1',
    name: 'otter',
    description: 'Edits files',
    ownerId: 'mara',
    tokenPrefix: 'cta_abcdef',
    createdAt: AT,
    lastSeenAt: AT,
    revokedAt: null,
    connected: true,
    rooms: [{ id: 'harbour', name: 'Harbour' }],
    ...agent,
  },
  status: 'idle',
  currentTask: null,
  lastAcknowledgedAt: AT,
  held: [],
  rooms: [HARBOUR],
  ...changes,
});

const aDeed = (changes: Partial<AgentDeed> = {}): AgentDeed => ({
  id: 'd1',
  type: 'agent.claimed_task',
  at: AT,
  by: { type: 'agent', id: 'a1', name: 'otter' },
  room: { id: 'harbour', name: 'Harbour' },
  seq: 7,
  task: { id: 't1', number: 3, title: 'Mend the lamp' },
  pullRequest: null,
  outcome: null,
  note: '',
  ...changes,
});

const LIMITS: AgentLimitsOverview = {
  agentId: 'a1',
  defaults: null,
  rooms: [
    {
      roomId: 'harbour',
      roomName: 'Harbour',
      byOwner: null,
      byRoom: null,
      roomDefaults: USUAL_AGENT_LIMITS,
      effective: { ...USUAL_AGENT_LIMITS, paths: [] },
      used: { messages: 12, mentions: 3, tasks: 1, heldTasks: 1 },
    },
  ],
};

const TASK = { id: 't1', number: 1, roomId: 'harbour', state: 'open', createdAt: AT, receipt: null } as Task;

const KEY: AgentKey = {
  id: 'k1',
  agentId: 'a1',
  publicKey: 'ssh-ed25519 AAAA',
  fingerprint: 'SHA256:abc',
  createdAt: AT,
  revokedAt: null,
};

/** The first rendering compiles every template of the page. */
const PATIENCE = 30_000;

describe('the page of an agent', () => {
  let http: HttpTestingController;
  let asked: unknown[][];
  const ask = (...command: unknown[]) => Promise.resolve((asked.push(command), TASK));

  async function open(
    overview: AgentOverview,
    {
      deeds = [],
      keys = [],
      limits = LIMITS,
      token,
    }: { deeds?: AgentDeed[]; keys?: AgentKey[]; limits?: AgentLimitsOverview; token?: string } = {},
  ) {
    asked = [];
    const rooms = signal([{ id: 'harbour', name: 'Harbour', archivedAt: null }]);
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        { provide: MyRooms, useValue: { rooms, reload: () => undefined } },
        { provide: LiveSocket, useValue: { ask } },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    if (token !== undefined) {
      TestBed.inject(FreshTokens).show('a1', token);
    }
    const fixture = TestBed.createComponent(AgentPage);
    fixture.componentRef.setInput('agentId', 'a1');
    TestBed.tick();
    http.expectOne('/api/agents/a1/overview').flush(overview);
    await settle(fixture);
    http.expectOne('/api/agents/a1/history').flush({ deeds, nextCursor: null });
    http.expectOne('/api/agents/a1/keys').flush(keys);
    http.expectOne('/api/agents/a1/limits').flush(limits);
    await settle(fixture);
    return { fixture, page: fixture.nativeElement as HTMLElement };
  }

  const settle = async (fixture: ComponentFixture<unknown>) => {
    await new Promise((resolve) => setTimeout(resolve));
    TestBed.tick();
    fixture.detectChanges();
  };
  const words = (element: Element | null | undefined) => element?.textContent.replace(/\s+/g, ' ').trim() ?? '';
  const section = (page: HTMLElement, heading: string) =>
    [...page.querySelectorAll('section')].find((one) => words(one.querySelector('h2')) === heading);
  const press = (name: string) => {
    const found = [...document.querySelectorAll<HTMLButtonElement>('button')].find((one) => words(one) === name);
    if (!found) {
      throw new Error(`no button "${name}"`);
    }
    found.click();
  };
  const confirm = async (fixture: ComponentFixture<unknown>) => {
    await settle(fixture);
    [...document.querySelectorAll<HTMLButtonElement>('[role=alertdialog] button')].at(-1)?.click();
    await settle(fixture);
  };

  afterEach(() => document.querySelectorAll('.cdk-overlay-container').forEach((overlay) => overlay.remove()));

  it(
    'tells how it is, what it holds and until when',
    async () => {
      const expiresAt = new Date(Date.now() + 40_000).toISOString();
      const held = [{ roomId: 'harbour', taskId: 't1', taskNumber: 3, title: 'Mend the lamp', expiresAt }];
      const { page } = await open(anOverview({ held, status: 'working', currentTask: 'Mend the lamp' }));
      expect(words(page.querySelector('.condition'))).toBe('connected, busy');
      expect(words(section(page, 'Right now'))).toMatch(/Mend the lamp\s*lease \d\d s left/);
    },
    PATIENCE,
  );

  it('says what it costs its room in messages, beside what everybody says', async () => {
    const { page } = await open(anOverview());
    const rooms = words(section(page, 'Rooms'));
    expect(rooms).toMatch(/Messages, last day\s*3 of 20/);
    expect(rooms).toMatch(/Messages, last week\s*12 of 120/);
    expect(rooms).toMatch(/Tasks done\s*4, 1 failed/);
  });

  it('has it rest in one room, and go on', async () => {
    const { fixture } = await open(anOverview());
    press('Have it rest in Harbour');
    http.expectOne({ method: 'PUT', url: '/api/rooms/harbour/agents/a1/pause' }).flush({});
    await settle(fixture);
    const pausedAt = AT;
    http.expectOne('/api/agents/a1/overview').flush(anOverview({ rooms: [{ ...HARBOUR, pausedAt }] }));
    await settle(fixture);
    press('Let it go on in Harbour');
    http.expectOne({ method: 'DELETE', url: '/api/rooms/harbour/agents/a1/pause' });
  });

  it('shows what it did with links to the task and to its place in the log', async () => {
    const { page } = await open(anOverview(), { deeds: [aDeed({ type: 'task.failed', note: 'No ladder' })] });
    const list = section(page, 'What it did');
    expect(words(list)).toMatch(/otter could not do Mend the lamp\s*No ladder\s*in Harbour/);
    expect([...(list?.querySelectorAll('a') ?? [])].map((link) => link.getAttribute('href'))).toEqual([
      '/rooms/harbour?task=3',
      '/rooms/harbour',
      '/rooms/harbour?work=activity&at=7',
    ]);
  });

  it('revokes a key only after saying what that means', async () => {
    const { fixture } = await open(anOverview(), { keys: [KEY] });
    press('Revoke the key SHA256:abc');
    await settle(fixture);
    expect(words(document.querySelector('[role=alertdialog]'))).toContain('It is the only one.');
    http.expectNone({ method: 'DELETE', url: '/api/agents/a1/keys/k1' });
    await confirm(fixture);
    http.expectOne({ method: 'DELETE', url: '/api/agents/a1/keys/k1' }).flush(null);
    await settle(fixture);
    http.expectOne('/api/agents/a1/keys').flush([{ ...KEY, revokedAt: AT }]);
    await settle(fixture);
    expect(words(section(fixture.nativeElement as HTMLElement, 'Signing keys'))).toContain('revoked');
  });

  it('replaces the token, and shows the new one until it is put away', async () => {
    const { fixture, page } = await open(anOverview());
    press('Replace the token');
    await confirm(fixture);
    const { agent } = anOverview();
    http.expectOne({ method: 'POST', url: '/api/agents/a1/token' }).flush({ agent, token: 'cta_new' });
    await settle(fixture);
    http.expectOne('/api/agents/a1/overview').flush(anOverview());
    await settle(fixture);
    expect(words(section(page, 'Token')?.querySelector('code[role=textbox]'))).toBe('cta_new');
    press('I have kept the token');
    await settle(fixture);
    expect(page.textContent).not.toContain('cta_new');
  });

  it('shows what was used of its limits, and sets others for one room', async () => {
    const { fixture, page } = await open(anOverview());
    expect(words(section(page, 'Limits'))).toMatch(/Messages, last hour\s*12 of 1000/);
    press('Set limits for Harbour');
    await settle(fixture);
    const field = (label: string) => {
      const found = [...page.querySelectorAll('label')].find((one) => words(one) === label);
      return page.querySelector<HTMLInputElement>(`[id="${found?.htmlFor}"]`) as HTMLInputElement;
    };
    const fill = (label: string, value: string) => {
      field(label).value = value;
      field(label).dispatchEvent(new Event('input'));
    };
    fill('Messages an hour', '20');
    fill('Which files its work may touch', '/etc/**');
    [...page.querySelectorAll<HTMLInputElement>('[type=checkbox]')][2]?.click();
    press('Save the limits');
    await settle(fixture);
    expect(field('Which files its work may touch').getAttribute('aria-invalid')).toBe('true');
    fill('Which files its work may touch', 'docs/\n\n!docs/secret/');
    press('Save the limits');
    await settle(fixture);
    const request = http.expectOne({ method: 'PUT', url: '/api/agents/a1/limits' });
    expect(request.request.body).toEqual({
      roomId: 'harbour',
      limits: {
        commands: ['talk', 'take_tasks', 'submit_work', 'open_pull_requests', 'ask_approval'],
        paths: ['docs/', '!docs/secret/'],
        messagesPerHour: 20,
        mentionsPerHour: null,
        tasksPerHour: null,
        parallelTasks: null,
      },
    });
    request.flush(LIMITS);
    await settle(fixture);
    expect(page.querySelector('ct-limits-form')).toBeNull();
  });

  it('does not go on showing a token to who comes back later', async () => {
    const { fixture } = await open(anOverview(), { token: 'cta_secret' });
    fixture.destroy();
    expect(TestBed.inject(FreshTokens).of('a1')).toBeNull();
  });

  it('says that there is no such agent', async () => {
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        { provide: MyRooms, useValue: { rooms: signal([]), reload: () => undefined } },
      ],
    });
    const fixture = TestBed.createComponent(AgentPage);
    fixture.componentRef.setInput('agentId', 'a1');
    TestBed.tick();
    const problem = { code: 'not_found', title: 'Not found', detail: 'There is no such agent', status: 404 };
    TestBed.inject(HttpTestingController)
      .expectOne('/api/agents/a1/overview')
      .flush(problem, { status: 404, statusText: 'Not found' });
    await settle(fixture);
    expect(words(fixture.nativeElement as Element)).toContain('You have no such agent');
  });

  describe('of a new agent', () => {
    const aNewOne = (changes: Partial<AgentOverview> = {}, connected = false) =>
      anOverview({ lastAcknowledgedAt: null, rooms: [], ...changes }, { lastSeenAt: null, connected });
    const step = (page: HTMLElement) => words(page.querySelector('ct-get-going [aria-current=step] h3'));

    it('leads on to a room, to the terminal, and to a task', async () => {
      const { fixture, page } = await open(aNewOne(), { token: 'cta_secret' });
      expect(step(page)).toBe('Give it a room to work in');
      press('Make a private room for it');
      http.expectOne({ method: 'POST', url: '/api/rooms' }).flush({ id: 'harbour' });
      await settle(fixture);
      http.expectOne({ method: 'POST', url: '/api/rooms/harbour/agents/a1' }).flush({});
      await settle(fixture);
      http.expectOne('/api/agents/a1/overview').flush(aNewOne({ rooms: [HARBOUR] }));
      await settle(fixture);
      expect(step(page)).toBe('Start it on your machine');
      const codes = [...page.querySelectorAll('ct-start-commands code[role=textbox]')].map(words);
      expect(codes.slice(0, 2)).toEqual(['cta_secret', expect.stringContaining('cta_secret')]);
      expect(codes.at(-1)).toContain('/rooms/harbour --token-file otter.token');
      expect(codes.slice(2).join()).not.toContain('cta_secret');
      expect(words(page.querySelector('.waiting'))).toBe('Waiting for otter to connect…');
    });

    it('names a repository that is elsewhere, where its owner’s own git pushes', async () => {
      const { fixture, page } = await open(aNewOne({ rooms: [HARBOUR] }));
      const cloneUrl = 'https://github.com/octo/harbour.git';
      http.expectOne('/api/rooms/harbour').flush({ repository: { provider: 'github', cloneUrl } });
      await settle(fixture);
      const codes = [...page.querySelectorAll('ct-start-commands code[role=textbox]')].map(words);
      expect(codes.at(-1)).toContain(`--repository ${cloneUrl}`);
      expect(words(page.querySelector('ct-start-commands'))).toContain(`pushed to ${cloneUrl} by your own git`);
    });

    it('gives it its first task with one press, and celebrates only what was handed in', async () => {
      const { fixture, page } = await open(aNewOne({ rooms: [HARBOUR] }, true));
      expect(step(page)).toBe('Give it something to do');
      press('Give it this task');
      await settle(fixture);
      expect(asked).toMatchObject([['create_task', { roomId: 'harbour', agentId: 'a1' }]]);
      const detail = {
        task: TASK,
        contextMessages: [],
        paths: null,
        conflicts: [],
        checks: [],
        approvals: [],
        history: [],
      } as TaskDetail;
      http.expectOne('/api/rooms/harbour/tasks/t1').flush(detail);
      await settle(fixture);
      expect(page.querySelector('.celebration')).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 1_050));
      const history = [
        { what: 'agent.claimed_task', at: AT, actor: aDeed().by, note: null },
        { what: 'task.submitted', at: '2026-11-21T10:00:04.000Z', actor: aDeed().by, note: null },
      ];
      http.expectOne('/api/rooms/harbour/tasks/t1').flush({ ...detail, history });
      await settle(fixture);
      expect(words(page.querySelector('.celebration'))).toContain(
        'otter did its first task, 4 seconds after you asked.',
      );
    });
  });
});

describe('an agent’s condition', () => {
  it.each([
    ['not connected', anOverview({}, { connected: false }), 'disconnected'],
    ['connected, idle', anOverview(), 'idle'],
    ['connected, busy', anOverview({ status: 'working' }), 'busy'],
    ['connected, reports a problem', anOverview({ status: 'error' }), 'silent'],
    [
      'not connected, still holds work',
      anOverview(
        { held: [{ roomId: 'r', taskId: 't', taskNumber: 1, title: 'x', expiresAt: AT }] },
        { connected: false },
      ),
      'disconnected',
    ],
  ])('is “%s”', (words, overview, ring) => {
    expect(conditionOf(overview)).toEqual({ words, ring });
  });
});

describe('the words of a deed', () => {
  it.each([
    [aDeed(), 'claimed'],
    [aDeed({ type: 'task.submitted', pullRequest: 4 }), 'handed in, as pull request #4,'],
    [aDeed({ type: 'task.released', outcome: 'lease_expired' }), 'Open again, since its lease ran out:'],
    [aDeed({ type: 'approval.decided', outcome: 'rejected' }), 'did not allow it, for'],
    [aDeed({ type: 'task.reviewed', outcome: 'changes_requested' }), 'asked for changes to'],
  ])('say what happened', (deed, words) => {
    expect(deedWords(deed)).toBe(words);
  });

  it('tell of one hand-in once, as fully as is known', () => {
    const handIn = (id: string, pullRequest: number | null, number = 3) =>
      aDeed({ id, type: 'task.submitted', pullRequest, task: { id: `t${number}`, number, title: 'x' } });
    const told = withoutRepeats([handIn('d', null, 4), handIn('c', 1), handIn('b', null), aDeed({ id: 'a' })]);
    expect(told.map(({ id }) => id)).toEqual(['d', 'c', 'a']);
  });
});
