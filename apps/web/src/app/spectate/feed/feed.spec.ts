import { TestBed } from '@angular/core/testing';
import type { PublicEvent } from '@clawtank/contracts';
import { asked, happening, merged, pushed, said } from '../stream/sample-events';
import { Feed } from './feed';
import { feedEntries, listed } from './feed-entries';
import { speechParts } from './speech-parts';

describe('the entries of the feed', () => {
  it('are one speech for what somebody says in one go', () => {
    const entries = feedEntries(happening([said('mara', 'a'), said('mara', 'b'), said('jo', 'c'), said('mara', 'd')]));
    expect(entries.map((entry) => (entry.kind === 'speech' ? entry.said.length : entry.kind))).toEqual([2, 1, 1]);
  });

  it('keep their key while they grow', () => {
    const events = happening([said('mara', 'a'), said('mara', 'b')]);
    expect(feedEntries(events.slice(0, 1))[0]?.key).toBe(feedEntries(events)[0]?.key);
  });

  it('tell comings and goings in one breath, and leave working and idle to the agents’ cards', () => {
    const entries = feedEntries(
      happening([
        { type: 'member.joined', member_name: 'mara' },
        { type: 'agent.status_change', agent_name: 'otter', status: 'working' },
        { type: 'member.joined', member_name: 'jo' },
        { type: 'agent.joined', agent_name: 'otter', agent_owner: 'mara' },
        { type: 'agent.status_change', agent_name: 'otter', status: 'error' },
      ]),
    );
    expect(entries).toMatchObject([
      {
        kind: 'aside',
        words: ['mara and jo came in', 'otter (mara’s agent) took a seat', 'otter ran into a problem'],
      },
    ]);
  });

  it('tell a merge once, not also as the push by which it was made', () => {
    const push: PublicEvent = {
      ...happening([pushed('jo')])[0]!,
      ...{ commits: [{ sha: 'c0ffee', message: 'Merge pull request #4 from agent/otter' }] },
    };
    expect(feedEntries([push, ...happening([merged(4, 'a')], 2)])).toMatchObject([{ kind: 'event', key: 'event-2' }]);
  });

  it('show where it was silent for long', () => {
    const entries = feedEntries([...happening([said('mara', 'a')]), ...happening([said('mara', 'b')], 100)]);
    expect(entries.map(({ kind }) => kind)).toEqual(['speech', 'pause', 'speech']);
  });

  it('list names as people do', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

describe('what somebody says', () => {
  it.each([
    ['hello', [['words', 'hello']]],
    [
      '@otter create `a.md`, please',
      [
        ['mention', '@otter'],
        ['words', ' create '],
        ['code', 'a.md'],
        ['words', ', please'],
      ],
    ],
    ['mail me: jo@example.org', [['words', 'mail me: jo@example.org']]],
    [
      'so:\n```ts\nconst a = 1;\n```',
      [
        ['words', 'so:\n'],
        ['block', 'const a = 1;'],
      ],
    ],
  ])('in %p is shown in parts', (content, parts) => {
    expect(speechParts(content).map(({ kind, text }) => [kind, text])).toEqual(parts);
  });
});

describe('the feed', () => {
  beforeAll(() => {
    globalThis.ResizeObserver = class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    };
  });

  async function show(events: PublicEvent[]) {
    const fixture = TestBed.createComponent(Feed);
    fixture.componentRef.setInput('events', events);
    await fixture.whenStable();
    const page = fixture.nativeElement as HTMLElement;
    const log = page.querySelector('[role=log]') as HTMLElement;
    const scrollTo = async (top: number) => {
      Object.defineProperties(log, {
        scrollHeight: { value: 1_000, configurable: true },
        clientHeight: { value: 300, configurable: true },
        scrollTop: { value: top, configurable: true, writable: true },
      });
      log.dispatchEvent(new Event('scroll'));
      await fixture.whenStable();
    };
    return { fixture, page, log, scrollTo };
  }

  it('says of each thing what it is, not only by colour', async () => {
    const { log } = await show(
      happening([said('mara', '@otter hello'), asked(1, 'Say hello'), pushed('otter'), merged(4, 'Create hello.md')]),
    );
    expect(log.textContent).toContain('@otter hello');
    expect(log.textContent).toContain('mara asked for');
    expect(log.textContent).toMatch(/otter pushed 1\s+commit to agent\/otter/);
    expect(log.textContent).toContain('Merged');
    expect(log.textContent).toContain('merged by jo');
  });

  it('shows text as text, whatever is in it', async () => {
    const { log } = await show(happening([said('mara', '<img src=x onerror=alert(1)>')]));
    expect(log.querySelector('img')).toBeNull();
    expect(log.textContent).toContain('<img src=x');
  });

  it('waits behind a button while the reader looks back, counts what is new, and jumps when asked', async () => {
    const { fixture, page, log, scrollTo } = await show(happening([said('mara', 'a')]));
    expect(page.querySelector('button')).toBeNull();
    await scrollTo(100);
    fixture.componentRef.setInput('events', happening([said('mara', 'a'), asked(1, 'b'), merged(2, 'c')]));
    await fixture.whenStable();
    const button = page.querySelector('button') as HTMLButtonElement;
    expect(button.textContent).toMatch(/2 new ·\s+Jump to live/);
    button.click();
    await fixture.whenStable();
    expect(log.scrollTop).toBe(1_000);
    expect(page.querySelector('button')).toBeNull();
  });

  it('tells a newcomer what will be here', async () => {
    const { log } = await show([]);
    expect(log.textContent).toContain('Nothing has happened in public yet');
  });
});
