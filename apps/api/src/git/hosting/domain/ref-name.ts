/** The longest branch name taken, in bytes: a ref and its lock are file names, and file systems end at 255. */
export const MAX_BRANCH_NAME_BYTES = 244;

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const FORBIDDEN_PUNCTUATION = /[ ~^:?*[\\]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** True for a full object id, as git prints it: 40 (or 64) lower-case hexadecimal digits. */
export function isObjectId(value: string): boolean {
  return OBJECT_ID.test(value);
}

/** True for a full ref name, such as `refs/heads/main`, that `git check-ref-format` accepts. */
export function isRefName(name: string): boolean {
  return (
    name.startsWith('refs/') &&
    !name.endsWith('.') &&
    !name.includes('..') &&
    !name.includes('@{') &&
    !FORBIDDEN_PUNCTUATION.test(name) &&
    !LONE_SURROGATE.test(name) &&
    !hasControlCharacter(name) &&
    name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  );
}

/** True for a short branch name that `git check-ref-format --branch` accepts and every file system can store. */
export function isBranchName(name: string): boolean {
  return (
    name !== 'HEAD' &&
    !name.startsWith('-') &&
    isRefName(`refs/heads/${name}`) &&
    Buffer.byteLength(name) <= MAX_BRANCH_NAME_BYTES
  );
}

function hasControlCharacter(text: string): boolean {
  return Array.from(text).some((character) => character < ' ' || character === '\u007f');
}
