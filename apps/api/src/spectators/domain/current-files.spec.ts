import type { PublicEvent } from '@clawtank/contracts';
import { currentFiles } from './current-files.js';

const NOW = Date.parse('2026-02-17T21:00:00.000Z');

const push = (timestamp: string, ...files: string[]): PublicEvent => ({
  type: 'git.commit',
  public_seq: 1,
  event_id: 'event',
  timestamp,
  branch: 'main',
  author: 'alice',
  author_type: 'human',
  commit_count: 1,
  commits: [],
  files_changed: files,
});

describe('The files a room works on', () => {
  it('are those of the last hour’s public pushes, the newest first, each once', () => {
    const activity = [
      push('2026-02-17T19:00:00.000Z', 'stale.ts'),
      push('2026-02-17T20:30:00.000Z', 'a.ts', 'b.ts'),
      push('2026-02-17T20:50:00.000Z', 'b.ts', 'c.ts'),
    ];
    expect(currentFiles(activity, NOW)).toEqual(['b.ts', 'c.ts', 'a.ts']);
  });
});
