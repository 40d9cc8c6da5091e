import type { Actor, ContextMessage, Review, Task, TaskReceipt, TaskState, WorkCheck } from '@clawtank/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message that was recent when the task was made. Its id says whose words have to go if it is deleted. */
export interface CopiedMessage extends ContextMessage {
  readonly messageId: string;
}

type IssueLink = NonNullable<Task['issue']>;
type StoredIssue = Omit<IssueLink, 'state'> & Partial<Pick<IssueLink, 'state'>>;

/** A piece of work in a room, and who holds it. */
@Entity('tasks')
export class TaskEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  roomId!: string;

  @Column('integer')
  number!: number;

  @Column('text')
  title!: string;

  @Column('text')
  description!: string;

  @Column('varchar')
  state!: TaskState;

  @Column('varchar')
  priority!: Task['priority'];

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deadline!: Date | null;

  @Column('jsonb')
  createdBy!: Actor;

  @Column('uuid', { nullable: true })
  assignedToId!: string | null;

  @Column('text', { nullable: true })
  assignedToName!: string | null;

  @Column('uuid', { nullable: true })
  leaseId!: string | null;

  @Column('uuid', { nullable: true })
  leaseHolderId!: string | null;

  @Column('text', { nullable: true })
  leaseHolderName!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  leaseExpiresAt!: Date | null;

  /** Counts the leases ever given out; each new holder has a higher one. */
  @Column('integer')
  fence!: number;

  @Column('jsonb', { nullable: true })
  progress!: Task['progress'];

  @Column('text', { nullable: true })
  branch!: string | null;

  @Column('varchar', { nullable: true })
  submittedSha!: string | null;

  /** What the agent says it ran before it handed the work in. */
  @Column('jsonb', { default: [] })
  checks!: WorkCheck[];

  /** How far its offer has come. */
  @Column('jsonb', { nullable: true })
  receipt!: TaskReceipt | null;

  /** The verdict that counts now. */
  @Column('jsonb', { nullable: true })
  review!: Review | null;

  @Column('uuid', { nullable: true })
  parentId!: string | null;

  @Column('uuid', { array: true, default: [] })
  dependsOn!: string[];

  @Column('integer', { nullable: true })
  pullRequest!: number | null;

  @Column('text', { nullable: true })
  failure!: string | null;

  /** When its agent can go on with it. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  waitsUntil!: Date | null;

  @Column('jsonb')
  context!: CopiedMessage[];

  @Column('uuid', { nullable: true })
  sourceMessageId!: string | null;

  /** The issue that it was made from; null once the room knows nothing of that any more. */
  @Column('uuid', { nullable: true })
  issueId!: string | null;

  /** Tasks that are older than the state of their issue have none. */
  @Column('jsonb', { nullable: true })
  issue!: StoredIssue | null;

  /** It was asked for in words that strangers never saw, so they hear nothing of it. */
  @Column('boolean', { default: false })
  isMembersOnly!: boolean;

  @Column({ type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  updatedAt!: Date;

  giveTo(agent: { id: string; name: string }, leaseId: string, expiresAt: Date): void {
    this.leaseId = leaseId;
    this.leaseHolderId = agent.id;
    this.leaseHolderName = agent.name;
    this.leaseExpiresAt = expiresAt;
    this.assignedToId = agent.id;
    this.assignedToName = agent.name;
    this.fence += 1;
    this.failure = null;
    this.waitsUntil = null;
  }

  endLease(): void {
    this.waitsUntil = null;
    this.receipt = null;
    this.leaseId = null;
    this.leaseHolderId = null;
    this.leaseHolderName = null;
    this.leaseExpiresAt = null;
  }
}
