import { readPlainWords } from './plain-words';

/** A Saturday. */
const NOW = new Date(2026, 10, 21, 10, 30);
const at = (month: number, day: number, hour = 23, minute = 59) =>
  new Date(month < 11 ? 2027 : 2026, month - 1, day, hour, minute);

const read = (text: string, language = 'en-US') => readPlainWords(text, NOW, language);

describe('a deadline in plain words', () => {
  it.each<[string, string, Date]>([
    ['fix the login by Friday, urgent', 'by Friday', at(11, 27)],
    ['Fix the login by friday', 'by friday', at(11, 27)],
    ['by Mon', 'by Mon', at(11, 23)],
    ['until Tuesday please', 'until Tuesday', at(11, 24)],
    ['before Monday 9am', 'before Monday 9am', at(11, 23, 9, 0)],
    ['no later than Wednesday', 'no later than Wednesday', at(11, 25)],
    ['it is due on Thursday', 'due on Thursday', at(11, 26)],
    ['Deadline: 2026-12-01', 'Deadline: 2026-12-01', at(12, 1)],
    ['fix it today', 'today', at(11, 21)],
    ['please finish this tomorrow', 'tomorrow', at(11, 22)],
    ['by tomorrow morning', 'by tomorrow morning', at(11, 22, 12, 0)],
    ['by tomorrow afternoon', 'by tomorrow afternoon', at(11, 22, 18, 0)],
    ['by tonight', 'by tonight', at(11, 21)],
    ['by noon tomorrow', 'by noon tomorrow', at(11, 22, 12, 0)],
    ['by 5pm', 'by 5pm', at(11, 21, 17, 0)],
    ['by 17:00', 'by 17:00', at(11, 21, 17, 0)],
    ['by May 3', 'by May 3', at(5, 3)],
    ['by December 24th', 'by December 24th', at(12, 24)],
    ['by the 10th of december', 'by the 10th of december', at(12, 10)],
    ['write the docs in 3 days', 'in 3 days', at(11, 24)],
    ['within 2 weeks', 'within 2 weeks', at(12, 5)],
    ['in 2 hours', 'in 2 hours', at(11, 21, 12, 30)],
    ['by the end of the week', 'by the end of the week', at(11, 27)],
    ['by end of day', 'by end of day', at(11, 21)],
    ['need this by EOD', 'by EOD', at(11, 21)],
    ['by EOW', 'by EOW', at(11, 27)],
    ['by the end of the month', 'by the end of the month', at(11, 30)],
    ['can you ship it next Friday?', 'next Friday', at(11, 27)],
    ['Fix the header, Friday.', 'Friday', at(11, 27)],
    ['by 12/31/2026', 'by 12/31/2026', at(12, 31)],
    ['the Monday meeting needs slides by Tuesday', 'by Tuesday', at(11, 24)],
  ])('%j means its %j', async (text, words, moment) => {
    const { deadline } = await read(text);
    expect(deadline).toMatchObject({ words, at: moment });
    expect(text.slice(deadline?.start, deadline?.end)).toBe(words);
  });

  it.each([
    'this may break the build',
    'it may 5 times fail',
    'march on with the refactoring',
    'I sat down with Jonas',
    'sun shines on the header',
    'rename the second test',
    'one second please',
    'upgrade to version 10.2.3',
    'upgrade to 12.11',
    'upgrade from 1.5.2026 to 2.0.0',
    '5/10 tests pass',
    'only 3/4 of the page is shown',
    'look at 5 files',
    'the build failed on Friday',
    'it broke yesterday',
    'since Monday it is slow',
    'every Friday the job runs twice',
    'Friday’s deploy needs notes',
    'the last 3 days of logs are gone',
    'three days ago it worked',
    'the token expires in 2 hours',
    'cache it for 5 minutes',
    'retry after 30 seconds',
    'do it now',
    'rename `by Friday` to `until Friday`',
    '```\ndue tomorrow\n```\nmake this compile',
    '> by Friday\nmake this quote smaller',
    'see https://example.org/by/tomorrow',
    'fix today.ts and docs/tomorrow.md',
    'by January',
    'close #2026-12-01',
    'add a dark theme',
    '',
  ])('%j has none', async (text) => expect((await read(text)).deadline).toBeNull());

  it('is never over', async () => {
    expect((await read('by 9am today')).deadline).toBeNull();
    expect((await read('by 2026-11-20')).deadline).toBeNull();
    expect((await read('by 2031-11-20')).deadline).toBeNull();
  });

  it('counts from when it was said', async () => {
    const earlier = new Date(2026, 10, 9, 8, 0);
    expect((await readPlainWords('by Friday', earlier, 'en')).deadline?.at).toEqual(at(11, 13));
  });

  it.each([
    ['en-US', at(5, 10)],
    ['en-GB', at(10, 5)],
    ['en-AU', at(10, 5)],
  ])('in figures is read as %s writes it', async (language, moment) => {
    expect((await read('by 5/10', language)).deadline?.at).toEqual(moment);
  });

  it.each<[string, string, string, Date]>([
    ['de-AT', 'bitte bis Freitag erledigen', 'bis Freitag', at(11, 27)],
    ['de', 'fällig am 24. Dezember', 'fällig am 24. Dezember', at(12, 24)],
    ['de', 'please fix it by Friday', 'by Friday', at(11, 27)],
    ['fr', 'à finir avant vendredi', 'avant vendredi', at(11, 27)],
    ['es', 'terminar antes del viernes', 'antes del viernes', at(11, 27)],
    ['it', 'da finire entro venerdì', 'entro venerdì', at(11, 27)],
    ['nl', 'graag voor vrijdag', 'voor vrijdag', at(11, 27)],
    ['pt-BR', 'terminar até sexta-feira', 'até sexta-feira', at(11, 27)],
  ])('is read in the reader’s own language, %s, and in English: %j', async (language, text, words, moment) => {
    expect((await read(text, language)).deadline).toMatchObject({ words, at: moment });
  });

  it.each(['seit Freitag kaputt', 'so ist es gut', 'am 10.2.3 hängt es', 'Do it, mi amigo'])(
    'is not heard in German where there is none: %j',
    async (text) => expect((await read(text, 'de')).deadline).toBeNull(),
  );
});

describe('a priority in plain words', () => {
  it.each<[string, string, string]>([
    ['fix the login by Friday, urgent', 'high', 'urgent'],
    ['Urgently needed', 'high', 'Urgently'],
    ['please do this ASAP', 'high', 'ASAP'],
    ['as soon as possible', 'high', 'as soon as possible'],
    ['drop everything and fix prod', 'high', 'drop everything'],
    ['high priority: the login', 'high', 'high priority'],
    ['priority: high', 'high', 'priority: high'],
    ['this is a critical bug', 'high', 'critical'],
    ['release blocker', 'high', 'release blocker'],
    ['P0: users cannot sign in', 'high', 'P0'],
    ['very urgent', 'high', 'very urgent'],
    ['when you have time, tidy the README', 'low', 'when you have time'],
    ['whenever somebody gets a chance', 'low', 'whenever somebody gets a chance'],
    ['low priority', 'low', 'low priority'],
    ['no rush', 'low', 'no rush'],
    ['nice to have', 'low', 'nice to have'],
    ['not urgent', 'low', 'not urgent'],
    ['it isn’t that urgent', 'low', 'isn’t that urgent'],
    ['not a high priority', 'low', 'not a high priority'],
    ['this can wait', 'low', 'can wait'],
    ['not urgent, but the tests are a release blocker', 'low', 'not urgent'],
  ])('%j means %s by %j', async (text, priority, words) =>
    expect((await read(text)).priority).toEqual({ priority, words }),
  );

  it.each([
    'add a priority queue',
    'shorten the critical section',
    'the critical path is too long',
    'block the ad blocker',
    'the callback is immediately invoked',
    'it fails immediately after the start',
    'show `urgent` in the list',
    'the "high priority label" is red: high priority label',
    'rename p1.png',
    'it is not low priority',
    'I can’t wait to see it',
    'an emergent design',
    'fix the login by Friday',
  ])('%j says nothing of it', async (text) => expect((await read(text)).priority).toBeNull());
});
