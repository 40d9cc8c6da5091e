import type { CommandName, PushName, Reply } from '@clawtank/contracts';

/** What became of something on its way through the proxy. */
export type Fate = 'delivered' | 'swallowed' | 'repeated';

export interface RefUpdate {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

export interface FoundCommit {
  readonly sha: string;
  /** The commit as git keeps it, in base64: its signature is over these bytes. */
  readonly object: string;
}

/** What the kit itself did to the agent, so that judges know what the agent had to answer. */
export interface Deeds {
  gaveTask: { taskId: string; title: string; file: string; toAgent: boolean };
  cut: Record<string, never>;
  closedByServer: Record<string, never>;
  refusedConnections: { forMs: number };
  letConnectAgain: Record<string, never>;
  refusedHandshake: { code: string };
  swallowedAnswer: { command: string; commandId: string | null };
  heldAnswer: { command: string; forMs: number };
  repeatedPush: { push: string };
  swallowedPush: { push: string };
  heldWork: { taskId: string };
  letWorkGoOn: { taskId: string };
  gitFailed: { taskId: string };
  tookTaskAway: { taskId: string; how: 'told' | 'silent' };
  askedForChanges: { taskId: string };
  gaveSeat: { roomId: string };
  said: { text: string; by: 'member' | 'agent'; isOrder: boolean };
  named: { what: 'branch' | 'room' | 'context'; text: string };
  meantForOthers: { text: string };
  canary: { text: string };
  watchedFor: { ms: number };
  decided: { approvalId: string; decision: 'approved' | 'rejected'; whileAway: boolean; taskId: string };
  superseded: Record<string, never>;
  askedToStop: Record<string, never>;
  killed: Record<string, never>;
}

export type DeedName = keyof Deeds;

type Deed = { [Name in DeedName]: { readonly kind: 'deed'; readonly deed: Name } & Readonly<Deeds[Name]> }[DeedName];

type Happening =
  | { readonly kind: 'started' }
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'printed'; readonly text: string }
  /** The agent tried to open a line. */
  | { readonly kind: 'attempt'; readonly url: string; readonly letIn: boolean }
  | { readonly kind: 'opened'; readonly line: number }
  | { readonly kind: 'closed'; readonly line: number; readonly by: 'agent' | 'server' | 'kit' }
  | { readonly kind: 'handshake'; readonly line: number; readonly hasToken: boolean }
  | {
      readonly kind: 'asked';
      readonly line: number;
      readonly ack: number | null;
      readonly name: CommandName;
      readonly request: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'answered';
      readonly line: number;
      readonly ack: number;
      readonly name: CommandName;
      readonly request: Readonly<Record<string, unknown>>;
      readonly reply: Reply<unknown>;
      readonly fate: Fate;
    }
  | {
      readonly kind: 'pushed';
      readonly line: number;
      readonly name: PushName;
      readonly data: Readonly<Record<string, unknown>>;
      readonly fate: Fate;
    }
  /** The agent asked something of the repository. `refs` are those that a push would change. */
  | {
      readonly kind: 'git';
      readonly id: number;
      readonly url: string;
      readonly service: 'fetch' | 'push';
      readonly step: 'greeting' | 'transfer';
      readonly refs: readonly RefUpdate[];
    }
  | { readonly kind: 'gitAnswered'; readonly id: number; readonly status: number }
  /** What the kit found in the repository for work that was handed in. */
  | {
      readonly kind: 'inspected';
      readonly taskId: string;
      readonly branch: string;
      readonly tip: string | null;
      readonly defaultBranch: string;
      readonly commits: readonly FoundCommit[];
      /** The texts of the files that the branch changed, by path. */
      readonly files: Readonly<Record<string, string>>;
    }
  /** A scene that could not be played to its end. */
  | { readonly kind: 'missed'; readonly why: string }
  | Deed;

/** One thing that happened, in the order it did. */
export type Entry = {
  /** Milliseconds since the beginning. */
  readonly at: number;
  /** What was being played. */
  readonly scene: string;
  /** Counts the agent's processes, from 1. */
  readonly process: number;
} & Happening;

export type Kind = Entry['kind'];
export type EntryOf<K extends Kind> = Extract<Entry, { kind: K }>;
export type NewEntry = Happening;

/** Who is being looked at. */
export interface Subject {
  readonly agentId: string;
  readonly token: string;
  readonly ownerId: string;
  readonly defaultBranch: string;
}
