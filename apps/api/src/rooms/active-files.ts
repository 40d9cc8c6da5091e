import type { ActiveFile } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { RoomFeed } from './stream/room-feed.js';

const SHOWN = 20;
const FRESH_MS = 3_600_000;

/** The files that the last pushes of each room touched, newest first: where the work is right now. Follows the log; keeps nothing. */
@Injectable()
export class ActiveFiles {
  private readonly byRoom = new Map<string, ActiveFile[]>();

  constructor(feed: RoomFeed) {
    feed.listen({
      entries: (roomId, _epoch, entries) => {
        for (const { event } of entries) {
          if (event.type === 'git.commit') {
            this.touch(
              roomId,
              event.data.push.filesChanged.map((path) => ({ path, by: event.actor, at: event.timestamp })),
            );
          }
        }
      },
      ended: (roomId) => this.byRoom.delete(roomId),
    });
  }

  of(roomId: string): ActiveFile[] {
    const since = Date.now() - FRESH_MS;
    return (this.byRoom.get(roomId) ?? []).filter(({ at }) => Date.parse(at) > since);
  }

  private touch(roomId: string, files: readonly ActiveFile[]): void {
    const touched = new Set(files.map(({ path }) => path));
    const others = (this.byRoom.get(roomId) ?? []).filter(({ path }) => !touched.has(path));
    this.byRoom.set(roomId, [...files, ...others].slice(0, SHOWN));
  }
}
