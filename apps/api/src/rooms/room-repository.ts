import { Injectable } from '@nestjs/common';

/** What the room's repository can be asked; the git feature answers. */
export interface RepositoryAnswers {
  /** The commit a branch points to right now; null if there is no such branch, `'unknown'` if the provider cannot be asked. */
  tipOf(roomId: string, branch: string): Promise<string | null>;
}

/** Lets features ask about a room's repository without knowing who hosts it. */
@Injectable()
export class RoomRepository implements RepositoryAnswers {
  private answers: RepositoryAnswers | undefined;

  contribute(answers: RepositoryAnswers): void {
    this.answers = answers;
  }

  async tipOf(roomId: string, branch: string): Promise<string | null> {
    return (await this.answers?.tipOf(roomId, branch)) ?? null;
  }
}
