import { asksNothing, parseSearchQuery, type SearchQuery } from './search-query.js';

const NOTHING: SearchQuery = { terms: [], from: [], in: [], before: null, since: null, has: [], isTask: false };
const term = (text: string, isExcluded = false) => ({ text, isExcluded });

describe('A search', () => {
  it.each<[string, Partial<SearchQuery>]>([
    ['merge conflict', { terms: [term('merge'), term('conflict')] }],
    ['"merge conflict" -rebase', { terms: [term('merge conflict'), term('rebase', true)] }],
    ['-"never again"', { terms: [term('never again', true)] }],
    ['"still typing', { terms: [term('still typing')] }],
    ['from:ann FROM:@bob', { from: ['ann', 'bob'] }],
    ['in:"Tank builders" in:#lobby', { in: ['Tank builders', 'lobby'] }],
    ['before:2026-02-17', { before: '2026-02-17T00:00:00.000Z' }],
    ['after:2026-02-17', { since: '2026-02-18T00:00:00.000Z' }],
    ['after:2024-02-28 after:2024-02-29', { since: '2024-03-01T00:00:00.000Z' }],
    ['before:2026-03-01 before:2026-02-01', { before: '2026-02-01T00:00:00.000Z' }],
    ['has:code has:Link has:code', { has: ['code', 'link'] }],
    ['is:task fix', { isTask: true, terms: [term('fix')] }],
    ['https://example.com/x', { terms: [term('https://example.com/x')] }],
    ['to:ann note:this', { terms: [term('to:ann'), term('note:this')] }],
    ['from: in:', { terms: [term('from:'), term('in:')] }],
    ['a-b - --x', { terms: [term('a-b'), term('-x', true)] }],
    ['emoji 👩‍💻 or not', { terms: [term('emoji'), term('or'), term('not')] }],
    ['""', {}],
  ])('reads %s', (text, query) => expect(parseSearchQuery(text)).toEqual({ ...NOTHING, ...query }));

  it.each([
    ['before:yesterday', 'before:'],
    ['after:2026-02-30', 'after:'],
    ['before:2026-2-3', 'before:'],
    ['has:video', 'has:'],
    ['is:open', 'is:'],
    ['-from:ann', 'from:'],
  ])('says what is wrong with %s', (text, named) =>
    expect(parseSearchQuery(text)).toEqual({ problem: expect.stringContaining(named) as unknown }),
  );

  it.each([
    ['""', true],
    ['!!! 🦀', true],
    ['x', false],
    ['-x', false],
    ['in:lobby', false],
    ['is:task', false],
  ])('of %s asks nothing: %s', (text, expected) =>
    expect(asksNothing(parseSearchQuery(text) as SearchQuery)).toBe(expected),
  );
});
