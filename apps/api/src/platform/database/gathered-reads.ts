/** Of one statement, so that its answer does not hold up everything else for long. */
const MOST_AT_ONCE = 500;

interface Asked<Question, Answer> extends PromiseWithResolvers<Answer | undefined> {
  readonly question: Question;
}

/**
 * Answers many who ask about different things at the same time by one read of the database. There is one read at a time, and what is
 * asked meanwhile is answered by the next. Nothing is kept: everybody is answered by a read that began after they asked, so that they
 * learn of all that was committed before.
 */
export class GatheredReads<Question, Answer> {
  private readonly waiting = new Map<string, Asked<Question, Answer>>();
  private isAtWork = false;

  /** `read` answers by the key of each question, and leaves out what is not there. */
  constructor(
    private readonly keyOf: (question: Question) => string,
    private readonly read: (questions: readonly Question[]) => Promise<ReadonlyMap<string, Answer>>,
  ) {}

  /** What `read` knows; undefined if it is not there. */
  ask(question: Question): Promise<Answer | undefined> {
    const key = this.keyOf(question);
    const asked = this.waiting.get(key) ?? { question, ...Promise.withResolvers<Answer | undefined>() };
    this.waiting.set(key, asked);
    if (!this.isAtWork) {
      this.isAtWork = true;
      setImmediate(() => void this.work()); // with all that this turn of the event loop asks
    }
    return asked.promise;
  }

  private async work(): Promise<void> {
    while (this.waiting.size > 0) {
      const next = [...this.waiting].slice(0, MOST_AT_ONCE);
      next.forEach(([key]) => this.waiting.delete(key));
      try {
        const answers = await this.read(next.map(([, { question }]) => question));
        next.forEach(([key, { resolve }]) => resolve(answers.get(key)));
      } catch (error) {
        next.forEach(([, { reject }]) => reject(error));
      }
    }
    this.isAtWork = false;
  }
}
