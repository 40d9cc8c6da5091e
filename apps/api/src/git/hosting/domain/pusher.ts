import { gitIdentity, type GitIdentity } from './identity.js';
import { isObjectId } from './ref-name.js';

/** Who pushed: an account or an agent, by its id, with the name and address it had at that moment. */
export interface Pusher extends GitIdentity {
  readonly id: string;
}

/**
 * The committer that makes git's reflog remember a pusher. The name is there for people who read the log; the whole
 * identity travels in the place of the address, in an alphabet from which git strips nothing.
 */
export function pusherAsCommitter({ id, name, email }: Pusher): GitIdentity {
  return {
    name: gitIdentity({ name, email }).name,
    email: Buffer.from(JSON.stringify({ id, name, email })).toString('base64url'),
  };
}

/** Reads from a reflog who last set its ref to `sha`; null if nobody did, or not by a push. */
export function findPusher(reflog: string, sha: string): Pusher | null {
  if (!isObjectId(sha)) {
    return null;
  }
  const entry = reflog.split('\n').findLast((line) => line.split(' ', 2)[1] === sha);
  const identity = entry && /^\S+ \S+ [^<]*<([\w-]+)> \d+ [+-]\d{4}\tpush$/.exec(entry)?.[1];
  return identity ? parsePusher(Buffer.from(identity, 'base64url').toString()) : null;
}

function parsePusher(json: string): Pusher | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null; // An ordinary address that happens to fit the alphabet.
  }
  return isPusher(value) ? { id: value.id, name: value.name, email: value.email } : null;
}

function isPusher(value: unknown): value is Pusher {
  const fields: readonly (keyof Pusher)[] = ['id', 'name', 'email'];
  return (
    typeof value === 'object' &&
    value !== null &&
    fields.every((field) => typeof (value as Partial<Record<keyof Pusher, unknown>>)[field] === 'string')
  );
}
