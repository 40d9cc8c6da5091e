import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DomainEvent } from '../../events/domain-events.js';
import { Clock } from '../clock.js';
import { Refusal } from '../errors/refusal.js';
import { OutboxSignal } from '../outbox/outbox-signal.js';

/** What a use case may touch while its transaction is open. */
export interface Work {
  readonly manager: EntityManager;
  /** When the transaction began, or what happened last in a room that it holds, if a clock elsewhere is ahead; what it writes carries this time. */
  now: Date;
  /** Announces `event` to its listeners if, and only if, this transaction commits. */
  announce(event: DomainEvent): void;
  /** Runs last in the transaction, in order: for what others wait for, and should wait for briefly. */
  beforeCommit(action: () => Promise<void>): void;
  /** Runs after the commit, in order; for what must not happen if the transaction fails. */
  afterCommit(action: () => void): void;
}

/** A command as its sender named it. Without `commandId` it cannot be told from a second one, and simply runs. */
export interface OnceKey {
  readonly actorId: string;
  readonly commandId: string | undefined;
  readonly name: string;
  readonly request: unknown;
}

/** How a reply is kept for repeats that must not be kept as it is: by what names it, and read again for each repeat. */
export interface KeptByName<Result> {
  readonly name: (reply: Result) => unknown;
  readonly read: (manager: EntityManager, name: unknown) => Promise<Result>;
}

interface Receipt {
  name: string;
  fingerprint: Buffer;
  reply: unknown;
}

/** Runs use cases in one transaction each, with their domain events beside their changes. */
@Injectable()
export class UnitOfWork {
  private readonly logger = new Logger(UnitOfWork.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly outbox: OutboxSignal,
  ) {}

  async run<Result>(useCase: (work: Work) => Promise<Result>): Promise<Result> {
    const events: DomainEvent[] = [];
    const lastly: (() => Promise<void>)[] = [];
    const afterwards: (() => void)[] = [];
    const result = await this.dataSource.transaction(async (manager) => {
      const outcome = await useCase({
        manager,
        now: this.clock.now(),
        announce: (event) => events.push(event),
        beforeCommit: (action) => lastly.push(action),
        afterCommit: (action) => afterwards.push(action),
      });
      for (const action of lastly) {
        await action();
      }
      if (events.length > 0) {
        await manager.query(`INSERT INTO outbox (name, data) SELECT * FROM unnest($1::text[], $2::jsonb[])`, [
          events.map(({ name }) => name),
          events.map(({ data }) => JSON.stringify(data)),
        ]);
      }
      return outcome;
    });
    for (const action of afterwards) {
      try {
        action();
      } catch (error) {
        this.logger.error(error); // what is committed has succeeded, whatever becomes of the news of it
      }
    }
    if (events.length > 0) {
      this.outbox.raise();
    }
    return result;
  }

  /**
   * Like `run`, once for ever: the reply is stored in the same transaction under the sender's command id, and a repeat is
   * answered with it. Of repeats in flight together, the later ones wait for the first. A refused command leaves no trace.
   * With `kept`, only the reply's name is stored, and a repeat hears how that what it names stands by then.
   */
  runOnce<Result>(key: OnceKey, useCase: (work: Work) => Promise<Result>, kept?: KeptByName<Result>): Promise<Result> {
    const { actorId, commandId, name, request } = key;
    if (commandId === undefined) {
      return this.run(useCase);
    }
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([name, request]))
      .digest();
    return this.run(async (work) => {
      const inserted: unknown[] = await work.manager.query(
        `INSERT INTO command_receipts (actor_id, command_id, name, fingerprint) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING RETURNING command_id`,
        [actorId, commandId, name, fingerprint],
      );
      if (inserted.length === 0) {
        const first = await this.firstReply(work, key, fingerprint);
        return kept ? kept.read(work.manager, first) : (first as Result);
      }
      const reply = await useCase(work);
      await work.manager.query(`UPDATE command_receipts SET reply = $3 WHERE actor_id = $1 AND command_id = $2`, [
        actorId,
        commandId,
        JSON.stringify((kept ? kept.name(reply) : reply) ?? null),
      ]);
      return reply;
    });
  }

  private async firstReply(work: Work, { actorId, commandId }: OnceKey, fingerprint: Buffer): Promise<unknown> {
    const [receipt] = await work.manager.query<Receipt[]>(
      `SELECT name, fingerprint, reply FROM command_receipts WHERE actor_id = $1 AND command_id = $2`,
      [actorId, commandId],
    );
    if (!receipt?.fingerprint.equals(fingerprint)) {
      throw new Refusal('command_id_reused', 'This command id was used for another request');
    }
    return receipt.reply;
  }
}
