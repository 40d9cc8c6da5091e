import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import type { Agent } from '@clawtank/contracts';
import { MyRooms } from '../core/my-rooms';
import { problemInterceptor } from '../core/problem/problem.interceptor';
import { Agents } from './agents';
import { FreshTokens } from './fresh-tokens';
import { addMcp, keepToken, openClawSteps, startBridge, startReferenceAgent } from './run-commands';

const anAgent = (changes: Partial<Agent> = {}): Agent => ({
  id: 'a1',
  name: 'otter',
  description: 'Edits files',
  ownerId: 'mara',
  tokenPrefix: 'cta_abc',
  createdAt: '2026-11-20T00:00:00.000Z',
  lastSeenAt: null,
  revokedAt: null,
  connected: false,
  rooms: [],
  ...changes,
});

describe('the agents page', () => {
  let http: HttpTestingController;

  async function open(agents: Agent[]) {
    const myRooms = { rooms: signal([{ id: 'harbour', name: 'Harbour' }]), reload: () => undefined };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        { provide: MyRooms, useValue: myRooms },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    const fixture = TestBed.createComponent(Agents);
    TestBed.tick();
    http.expectOne('/api/agents').flush(agents);
    await fixture.whenStable();
    return { fixture, page: fixture.nativeElement as HTMLElement };
  }

  const press = async (fixture: ComponentFixture<unknown>, words: string) => {
    const found = [...document.querySelectorAll('button'), ...nativeButtons(fixture)].find(
      (button) => button.textContent.replace(/\s+/g, ' ').trim() === words,
    );
    if (!found) {
      throw new Error(`no button "${words}"`);
    }
    found.click();
    TestBed.tick();
    await Promise.resolve();
    TestBed.tick();
  };
  const nativeButtons = (fixture: ComponentFixture<unknown>) => [
    ...(fixture.nativeElement as HTMLElement).querySelectorAll('button'),
  ];
  const step = (page: HTMLElement) => page.querySelector('ct-first-steps [aria-current=step] h3')?.textContent;

  it.each([
    ['make one', [], 'Make an agent'],
    ['start it', [anAgent()], 'Start it on your machine'],
    [
      'give it a seat',
      [anAgent({ connected: true, lastSeenAt: '2026-11-21T00:00:00.000Z' })],
      'Give it a seat in a room',
    ],
    [
      'ask it for something',
      [anAgent({ lastSeenAt: '2026-11-21T00:00:00.000Z', rooms: [{ id: 'harbour', name: 'Harbour' }] })],
      'Ask it for something in the chat',
    ],
  ])('leads a newcomer on to %s', async (_what, agents, heading) => {
    const { page } = await open(agents);
    expect(step(page)).toBe(heading);
  });

  it('leaves people alone whose agent is at work', async () => {
    const { page } = await open([anAgent({ connected: true, rooms: [{ id: 'harbour', name: 'Harbour' }] })]);
    expect(page.querySelector('ct-first-steps')).toBeNull();
    expect(page.querySelector('article')?.textContent).toContain('connected');
    expect(page.querySelector('article')?.textContent).toContain('cta_abc…');
  });

  it('leads from a new agent to its page, which shows its token', async () => {
    const { fixture } = await open([]);
    const router = TestBed.inject(Router);
    const visited: unknown[] = [];
    router.navigate = (address) => Promise.resolve(visited.push(address) > 0);
    await press(fixture, 'Make an agent');
    const dialog = document.querySelector('[role=dialog]') as HTMLElement;
    const name = dialog.querySelector('input') as HTMLInputElement;
    name.value = 'otter';
    name.dispatchEvent(new Event('input'));
    dialog.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    const request = http.expectOne({ method: 'POST', url: '/api/agents' });
    expect(request.request.body).toEqual({ name: 'otter', description: '' });
    request.flush({ agent: anAgent(), token: 'cta_secret' });
    await new Promise((resolve) => setTimeout(resolve));
    expect(visited).toEqual([['/agents', 'a1']]);
    expect(TestBed.inject(FreshTokens).of('a1')).toBe('cta_secret');
  });
});

describe('the commands to run an agent', () => {
  const server = 'https://tank.example';

  it('keep the token off the command line of anything but the shell itself', () => {
    expect(keepToken('otter', 'cta_secret')).toBe(`(umask 077 && printf %s 'cta_secret' > otter.token)`);
    expect(startReferenceAgent('otter', server)).toBe(
      'node dist/api/apps/reference-agent/src/main.js --url https://tank.example --token-file otter.token',
    );
    expect(addMcp('otter', server)).toContain('$(cat otter.token)');
  });

  it('leave the token in its file for OpenClaw as well', () => {
    expect(openClawSteps('otter', server).configure).toBe(
      `printf '{"channels":{"clawtank":{"enabled":true,"serverUrl":"https://tank.example","tokenFile":"%s"}}}' "$PWD/otter.token" | openclaw config patch --stdin`,
    );
  });

  it('name the room and the coding agent, or leave its command to be filled in', () => {
    const harbour = { id: 'harbour', elsewhere: null };
    expect(startBridge('otter', server, harbour, 'claude')).toBe(
      'npx clawtank-bridge join https://tank.example/rooms/harbour --token-file otter.token --allow edits,reads,searches --agent claude',
    );
    expect(startBridge('otter', server, harbour, 'other')).toMatch(/ -- my-agent --acp$/);
  });

  it('name a repository elsewhere, which its owner has to allow', () => {
    const lighthouse = { id: 'lighthouse', elsewhere: 'https://github.com/octo/lighthouse.git' };
    expect(startBridge('otter', server, lighthouse, 'claude')).toContain(
      ' --repository https://github.com/octo/lighthouse.git --allow ',
    );
  });
});
