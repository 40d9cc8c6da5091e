import type { PublicMember } from '@clawtank/contracts';
import { type StandingView, asked, claimed, happening, merged, proposed, pushed, said } from '../stream/sample-events';
import { agentsOnStage } from './agents-on-stage';
import { alsoOpen, headlineOf } from './headline';
import { marksOf } from './marks';
import { worksOf } from './work';

const MINUTE = 60_000;
const at = (minute: number) => Date.parse('2026-11-21T12:00:00Z') + minute * MINUTE;
const headlineAfter = (views: StandingView[], minute = views.length) => {
  const events = happening(views);
  return headlineOf(worksOf([], events), events, at(minute));
};

describe('a piece of work', () => {
  const story = [
    asked(1, 'Say hello'),
    claimed(1, 'Say hello'),
    pushed('otter'),
    pushed('otter'),
    proposed(4, 'Create hello.md'),
    merged(4, 'Create hello.md'),
  ];

  it.each([
    [1, 'asked'],
    [2, 'claimed'],
    [3, 'committed'],
    [5, 'proposed'],
    [6, 'merged'],
  ])('after %d events is %s', (count, reached) => {
    expect(worksOf([], happening(story.slice(0, count)))[0]?.reached).toBe(reached);
  });

  it('gathers what belongs to a task from the agent that holds it', () => {
    expect(worksOf([], happening(story))).toMatchObject([
      {
        title: 'Say hello',
        askedBy: 'mara',
        doer: 'otter',
        owner: 'mara',
        commits: 2,
        pullRequest: 4,
        mergedBy: 'jo',
        isFinished: true,
      },
    ]);
  });

  it('keeps agents that work side by side apart', () => {
    const works = worksOf(
      [],
      happening([
        asked(1, 'Say hello'),
        asked(2, 'Draw a map'),
        claimed(1, 'Say hello', 'otter'),
        claimed(2, 'Draw a map', 'heron'),
        proposed(4, 'Create hello.md', 'otter'),
      ]),
    );
    expect(works.map(({ number, reached }) => [number, reached])).toEqual([
      [1, 'proposed'],
      [2, 'claimed'],
    ]);
  });

  it('is a pull request of its own if no task asked for it', () => {
    expect(worksOf([], happening([proposed(7, 'Fix the typo', 'jo')]))).toMatchObject([
      { number: null, pullRequest: 7, doer: 'jo', doerType: 'human', reached: 'proposed' },
    ]);
  });

  it('is known from the room’s state when it began before anything that was seen', () => {
    const task = { task_id: 'task-1', number: 1, title: 'Say hello', state: 'claimed', agent_name: 'otter' };
    expect(worksOf([task], happening([pushed('otter')]))).toMatchObject([{ number: 1, reached: 'committed' }]);
  });
});

describe('the headline', () => {
  it('is what an agent is building, before what waits', () => {
    expect(headlineAfter([asked(1, 'Say hello'), claimed(1, 'Say hello'), asked(2, 'Draw a map')])).toMatchObject({
      kind: 'building',
      work: { number: 1 },
    });
    expect(headlineAfter([asked(2, 'Draw a map')])).toMatchObject({ kind: 'waiting', work: { number: 2 } });
    expect(headlineAfter([proposed(4, 'Create hello.md')])).toMatchObject({ kind: 'review' });
  });

  it('celebrates a merge for a minute, then gets back to work', () => {
    const views = [
      claimed(1, 'Say hello'),
      claimed(2, 'Draw a map', 'heron'),
      proposed(4, 'Create hello.md'),
      merged(4, 'Create hello.md'),
    ];
    expect(headlineAfter(views, 3.5)).toMatchObject({ kind: 'merged', isFresh: true });
    expect(headlineAfter(views, 5)).toMatchObject({ kind: 'building', work: { number: 2 } });
  });

  it('is what was said last while nothing is being built and nothing was merged lately', () => {
    expect(headlineAfter([said('mara', 'a'), said('jo', 'b')])).toMatchObject({
      kind: 'talking',
      said: { author: 'jo', content: 'b' },
    });
    expect(headlineAfter([merged(4, 'Create hello.md'), said('jo', 'b')])).toMatchObject({ kind: 'merged' });
    expect(headlineAfter([said('mara', 'a'), said('jo', '')])).toMatchObject({ said: { author: 'mara' } });
    const promoted = { ...said('nora', 'c'), author_type: 'spectator' } as const;
    expect(headlineAfter([said('mara', 'a'), promoted])).toMatchObject({ said: { author: 'mara' } });
  });

  it('is quiet when nothing happened lately, and says since when', () => {
    expect(headlineAfter([said('mara', 'a')], 600)).toEqual({ kind: 'quiet', since: '2026-11-21T12:00:00.000Z' });
    expect(headlineAfter([])).toEqual({ kind: 'quiet', since: null });
  });

  it('leaves the rest of the open work to be listed', () => {
    const events = happening([asked(1, 'Say hello'), claimed(1, 'Say hello'), asked(2, 'Draw a map')]);
    const works = worksOf([], events);
    expect(alsoOpen(works, headlineOf(works, events, at(3))).map(({ number }) => number)).toEqual([2]);
  });
});

describe('the agents on the stage', () => {
  const agent = (name: string, status = 'active'): PublicMember => ({
    id: name,
    name,
    type: 'agent',
    status,
    owner: 'mara',
  });
  const stage = (members: PublicMember[], views: StandingView[]) => {
    const events = happening(views);
    return agentsOnStage(members, worksOf([], events), events).map(({ name, ring, says }) => [name, ring, says]);
  };

  it('tell what they do, those at work first', () => {
    expect(
      stage(
        [agent('gull', 'offline'), agent('heron'), agent('otter'), agent('crab'), agent('seal')],
        [
          claimed(1, 'Say hello', 'otter'),
          claimed(2, 'Draw a map', 'heron'),
          proposed(4, 'A map', 'heron'),
          { type: 'agent.status_change', agent_name: 'crab', status: 'error' },
        ],
      ),
    ).toEqual([
      ['otter', 'busy', 'At work'],
      ['crab', 'silent', 'Ran into a problem'],
      ['heron', 'idle', 'Waiting for a review'],
      ['seal', 'idle', 'Ready for a task'],
      ['gull', 'disconnected', 'Away'],
    ]);
  });

  it('are agents only', () => {
    expect(stage([{ ...agent('mara'), type: 'human' }], [])).toEqual([]);
  });
});

describe('the marks of the story', () => {
  it('lie in order, from the first moment towards now, without covering each other', () => {
    const events = happening([asked(1, 'a'), asked(2, 'b'), said('mara', 'c'), merged(4, 'd')], 1, 1_000);
    const marks = marksOf(events, Date.parse(events[0]!.timestamp) + 1_000_000);
    expect(marks.map(({ kind }) => kind)).toEqual(['task', 'task', 'merge']);
    expect(marks.map(({ position }) => position)).toEqual([0, 3.5, 7]);
  });

  it('stay on the line when much happened at its end', () => {
    const events = happening([asked(1, 'a'), ...Array.from({ length: 4 }, (_, n) => asked(n + 2, 'b'))], 1, 1);
    const late = events.map((event, index) =>
      index === 0 ? { ...event, timestamp: '2026-11-21T11:00:00.000Z' } : event,
    );
    const positions = marksOf(late, Date.parse(late.at(-1)!.timestamp)).map(({ position }) => position);
    expect(positions).toEqual([0, 89.5, 93, 96.5, 100]);
  });
});
