import { gitIdentity } from './identity.js';

describe('gitIdentity', () => {
  it('leaves an ordinary person as they are', () => {
    expect(gitIdentity({ name: 'Ada Lovelace', email: 'ada@example.org' })).toEqual({
      name: 'Ada Lovelace',
      email: 'ada@example.org',
    });
  });

  it('lets nobody write a second identity or line into a commit', () => {
    expect(gitIdentity({ name: 'Ada <x@y>\nauthor Eve\0', email: 'a> 1 +0000\n<b' })).toEqual({
      name: 'Ada  x@y author Eve',
      email: 'a1+0000b',
    });
  });

  it.each(['', '...', '<>', ' \n', "'"])(
    'finds a name for somebody called %j, for whom git would not commit',
    (name) => {
      expect(gitIdentity({ name, email: '' })).toEqual({ name: 'Unnamed', email: '' });
    },
  );
});
