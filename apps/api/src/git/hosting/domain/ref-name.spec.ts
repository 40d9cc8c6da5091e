import { isBranchName, isObjectId, isRefName, MAX_BRANCH_NAME_BYTES } from './ref-name.js';

describe('isBranchName', () => {
  it.each(['main', 'feature/x', 'fix-1.2', 'naïve/雪', 'a@b', 'ClawTank-Task-7', '$(reboot)', "it's", '@', 'a.lock.b'])(
    'takes %j',
    (name) => expect(isBranchName(name)).toBe(true),
  );

  it.each([
    ['nothing', ''],
    ['an option', '--upload-pack=x'],
    ['HEAD', 'HEAD'],
    ['a step up', 'a/../b'],
    ['two dots', 'a..b'],
    ['a hidden part', 'a/.b'],
    ['a dot at the end', 'a.'],
    ['a lock', 'a.lock'],
    ['a lock in the middle', 'a.lock/b'],
    ['an empty part', 'a//b'],
    ['a slash in front', '/a'],
    ['a slash at the end', 'a/'],
    ['a reflog selector', 'a@{1}'],
    ['a parent selector', 'a~1'],
    ['a peeling selector', 'a^{commit}'],
    ['a path selector', 'a:b'],
    ['a pattern', 'a*'],
    ['a backslash', 'a\\b'],
    ['a space', 'a b'],
    ['a line feed', 'a\nb'],
    ['a NUL', 'a\0b'],
    ['a DEL', 'a\u007f'],
    ['half a character', 'a\ud800'],
  ])('refuses %s', (_what, name) => expect(isBranchName(name)).toBe(false));

  it('counts the length in bytes', () => {
    expect(isBranchName('x'.repeat(MAX_BRANCH_NAME_BYTES))).toBe(true);
    expect(isBranchName('x'.repeat(MAX_BRANCH_NAME_BYTES + 1))).toBe(false);
    expect(isBranchName('雪'.repeat(MAX_BRANCH_NAME_BYTES / 2))).toBe(false);
  });
});

describe('isRefName', () => {
  it('takes full names only', () => {
    expect(isRefName('refs/tags/v1.0')).toBe(true);
    expect(isRefName('HEAD')).toBe(false);
    expect(isRefName('refs/')).toBe(false);
    expect(isRefName('refs/heads/../../config')).toBe(false);
  });
});

describe('isObjectId', () => {
  it('takes whole ids only, as git prints them', () => {
    expect(isObjectId('0123456789abcdef0123456789abcdef01234567')).toBe(true);
    expect(isObjectId('0123456')).toBe(false);
    expect(isObjectId('0123456789ABCDEF0123456789ABCDEF01234567')).toBe(false);
    expect(isObjectId(`${'a'.repeat(40)}\n`)).toBe(false);
  });
});
