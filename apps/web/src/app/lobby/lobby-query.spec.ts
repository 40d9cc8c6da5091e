import { isNarrowed, lobbyQuery, requestOf } from './lobby-query';

describe('the address of the lobby', () => {
  it('asks for what is alive in public when it says nothing, or nonsense', () => {
    const plain = { scope: 'public', sort: 'activity', archived: 'false' };
    expect(lobbyQuery({})).toEqual(plain);
    expect(lobbyQuery({ scope: 'theirs', sort: 'best', active: 'ever', search: '  ' })).toEqual(plain);
    expect(requestOf(lobbyQuery({}))).toEqual({ scope: 'public' });
    expect(isNarrowed(lobbyQuery({ scope: 'mine', sort: 'newest' }))).toBe(false);
  });

  it('carries every filter to the server', () => {
    const query = lobbyQuery({
      scope: 'mine',
      sort: 'viewers',
      archived: 'true',
      search: ' tide ',
      language: 'rust',
      topic: 'web-sockets',
      active: 'day',
    });
    expect(requestOf(query)).toEqual({
      scope: 'mine',
      sort: 'viewers',
      archived: 'true',
      search: 'tide',
      language: 'rust',
      topic: 'web-sockets',
      activeWithin: 'day',
    });
    expect(isNarrowed(query)).toBe(true);
  });

  it('lists archived rooms among one’s own only', () => {
    expect(lobbyQuery({ archived: 'true' }).archived).toBe('false');
  });
});
