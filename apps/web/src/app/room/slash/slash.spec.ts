import { EnvironmentInjector, createComponent, createEnvironmentInjector } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { ABILITIES, parseSlashCommand } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { JONAS, MARA, OTTER, ROOM_ID, aMember, aRoom, aTask } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { RoomDeeds } from './room-deeds';
import { SlashAnswerLine } from './slash-answer';
import { SlashRunner } from './slash-runner';

const ROOM = `/api/rooms/${ROOM_ID}`;

describe('slash commands in a room', () => {
  let room: OpenRoom;
  let runner: SlashRunner;
  let scope: EnvironmentInjector;
  let said: string[];

  function openRoom(): void {
    room = new OpenRoom();
    scope = createEnvironmentInjector([RoomDeeds, SlashRunner], TestBed.inject(EnvironmentInjector));
    runner = scope.get(SlashRunner);
  }

  beforeEach(async () => {
    sessionStorage.clear();
    localStorage.clear();
    openRoom();
    said = [];
    await room.open(
      aRoom({ members: [aMember(MARA, { role: 'host' }), aMember(JONAS), aMember(OTTER)], abilities: [...ABILITIES] }),
    );
  });

  afterEach(() => TestBed.resetTestingModule());

  /** Types a command and sends it. Not awaited where it asks something first. */
  function run(text: string): Promise<boolean> {
    const reading = parseSlashCommand(text);
    if (!reading) {
      throw new Error(`${text} is no command`);
    }
    return runner.run(reading, (words) => said.push(words));
  }

  const words = () => runner.answer()?.words;
  const request = (method: string, address: string) =>
    room.http.expectOne((one) => one.method === method && one.url === `${ROOM}${address}`);

  async function confirm(deed: string): Promise<void> {
    await room.settle();
    const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === deed);
    button?.click();
    await room.settle();
  }

  it('make a task for the agent that is named, or for whichever claims it', async () => {
    const done = run('/task @Otter Add login');
    expect(room.socket.last('create_task').request).toMatchObject({
      roomId: ROOM_ID,
      description: 'Add login',
      agentId: 'otter',
    });
    room.socket.last('create_task').answer({ ok: true, data: aTask({ number: 7 }) });
    await expect(done).resolves.toBe(true);
    expect(words()).toBe('Task 7 is otter’s to do.');
    void run('/task Add logout');
    expect(room.socket.last('create_task').request).not.toHaveProperty('agentId');
  });

  it('say what the server objects to, and keep the text', async () => {
    const done = run('/assign otter Add login');
    room.socket
      .last('create_task')
      .answer({ ok: false, error: { code: 'forbidden', message: 'Otter has enough to do' } });
    await expect(done).resolves.toBe(false);
    expect(runner.answer()).toEqual({ kind: 'refused', words: 'Otter has enough to do', address: null });
  });

  it.each([
    [
      '/frobnicate',
      'There is no command /frobnicate. See /help for all of them. To say it as it is, write //frobnicate.',
    ],
    ['/kik jonas', 'There is no command /kik. Did you mean /kick? To say it as it is, write //kik.'],
    ['/slow', 'Say for how long, such as 30s or 5m, or off: /slow <30s|5m|off>'],
    ['/assign jonas Add login', 'jonas is a person; tasks are for agents.'],
    ['/ban otter', 'otter is an agent; this is for people. Speak to its owner, or remove it with /kick.'],
    ['/mute nobody', 'Nobody called “nobody” has a seat here.'],
  ])('%s is not carried out, with the reason why', async (text, reason) => {
    await expect(run(text)).resolves.toBe(false);
    expect(words()).toBe(reason);
    expect(said).toEqual([]);
  });

  it('are refused to whoever may not use them, before anything is asked', async () => {
    TestBed.resetTestingModule();
    openRoom();
    await room.open(aRoom({ abilities: ['read', 'chat'] }));
    await expect(run('/kick jonas')).resolves.toBe(false);
    expect(words()).toBe('You may not use /kick in this room.');
  });

  it('ask before somebody is removed or banned, and do nothing if the reader thinks better of it', async () => {
    const kept = run('/kick jonas');
    await confirm('Keep it as it is');
    await expect(kept).resolves.toBe(false);
    expect(runner.answer()).toBeNull();
    const banned = run('/ban jonas spam');
    await confirm('Ban jonas');
    const asked = request('POST', '/bans');
    expect(asked.request.body).toEqual({ userId: 'jonas', reason: 'spam' });
    asked.flush({});
    await expect(banned).resolves.toBe(true);
    expect(words()).toBe('jonas is banned.');
  });

  it('remove an agent as an agent', async () => {
    const done = run('/kick otter');
    await confirm('Remove otter');
    request('DELETE', '/agents/otter').flush(null);
    await expect(done).resolves.toBe(true);
  });

  it.each([
    ['/topic Signal lights', 'PUT', '', { description: 'Signal lights' }, 'The room says now what it is about.'],
    ['/slow 90s', 'PUT', '', { settings: { slowModeSeconds: 90 } }, 'Members wait 90 seconds between two messages.'],
    ['/slow off', 'PUT', '', { settings: { slowModeSeconds: 0 } }, 'Nobody waits between two messages any more.'],
    ['/role jonas moderator', 'PUT', '/members/jonas/role', { role: 'moderator' }, 'jonas is moderator now.'],
    ['/notify none', 'PUT', '/preferences', { level: 'none' }, 'This room is muted for you.'],
  ])('%s asks the server for it and says what came of it', async (text, method, address, body, answer) => {
    const done = run(text);
    await room.settle();
    const asked = request(method, address);
    expect(asked.request.body).toEqual(body);
    asked.flush({});
    await expect(done).resolves.toBe(true);
    expect(words()).toBe(answer);
  });

  it('speak for the writer where that is their purpose', async () => {
    await expect(run('/me waves')).resolves.toBe(true);
    await expect(run('/shrug who knows')).resolves.toBe(true);
    expect(said).toEqual(['_waves_', 'who knows ¯\\\\\\_(ツ)\\_/¯']);
  });

  it('write to one member alone', async () => {
    const done = run('/dm jonas see you');
    expect(room.socket.last('direct_message').request).toMatchObject({ toMemberId: 'jonas', message: 'see you' });
    room.socket.last('direct_message').answer({ ok: true, data: {} });
    await expect(done).resolves.toBe(true);
    expect(runner.answer()).toMatchObject({ address: `/rooms/${ROOM_ID}/direct/jonas` });
  });

  it('lead to the search of this room', async () => {
    const go = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    await run('/search lights');
    expect(go).toHaveBeenCalledWith(['/search'], { queryParams: { q: 'in:"Harbour" lights' } });
  });

  it('show their answer to the writer alone, until it is waved away', async () => {
    const line = createComponent(SlashAnswerLine, { environmentInjector: scope });
    const page = line.location.nativeElement as HTMLElement;
    await run('/nonsense');
    line.changeDetectorRef.detectChanges();
    expect(page.querySelector('[role=status]')?.textContent).toContain('Only you see this.');
    page.querySelector<HTMLButtonElement>('button[aria-label=Dismiss]')?.click();
    line.changeDetectorRef.detectChanges();
    expect(page.querySelector('p')).toBeNull();
  });
});
