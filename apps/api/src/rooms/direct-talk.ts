import type { DirectBadge } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/caller.js';

/** What can be asked of direct messages; the feature behind them answers. */
export interface DirectAnswers {
  /** What each of these people has not read of what was written to them, in the rooms where they sit. */
  badgesOf(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly DirectBadge[]>>;
  /** Requires that the caller may write to this member of the room now. */
  require(caller: Caller, roomId: string, toMemberId: string): Promise<void>;
}

/** Lets features ask about direct messages without knowing who carries them. */
@Injectable()
export class DirectTalk implements DirectAnswers {
  private answers: DirectAnswers | undefined;

  contribute(answers: DirectAnswers): void {
    this.answers = answers;
  }

  async badgesOf(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly DirectBadge[]>> {
    return (await this.answers?.badgesOf(userIds)) ?? new Map();
  }

  async require(caller: Caller, roomId: string, toMemberId: string): Promise<void> {
    await this.answers?.require(caller, roomId, toMemberId);
  }
}
