import type { Unseen } from '../../../rooms/index.js';

/** What git says when it is not let in, or finds nothing there, which is what providers tell those whom they do not let in. */
const NO_ACCESS =
  /authentication failed|could not read (?:username|password)|terminal prompts disabled|repository '[^']*' not found|returned error: (?:401|403|404)/i;

/** Why git could not look at a repository elsewhere, from what it did and said. */
export function whyUnseen({ failure, stderr }: { readonly failure: string; readonly stderr: string }): Unseen {
  if (failure === 'disk_limit') {
    return 'too_large';
  }
  return failure === 'exit' && NO_ACCESS.test(stderr) ? 'no_access' : 'unreachable';
}
