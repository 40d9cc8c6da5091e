export interface Writer {
  readonly id: string;
  readonly type: 'human' | 'agent';
  /** The accountable person: the writer, or an agent's owner. */
  readonly userId: string;
}

export interface Addressee {
  readonly id: string;
  /** Whether their seat as such permits direct messages; a mute keeps nobody from being written to. */
  readonly takesPart: boolean;
}

export type DirectDecision = 'granted' | 'oneself' | 'not-reachable' | 'not-asked';

/**
 * Whether one member of a room may write to another directly. People may write to whoever takes part. An agent speaks to its
 * owner, and to others once they wrote to it: nobody can have machines pester people one by one, out of everybody's sight, and
 * two agents never start to talk.
 */
export function mayWrite(writer: Writer, addressee: Addressee, wasWrittenTo: boolean): DirectDecision {
  if (addressee.id === writer.id) {
    return 'oneself';
  }
  if (!addressee.takesPart) {
    return 'not-reachable';
  }
  return writer.type === 'human' || addressee.id === writer.userId || wasWrittenTo ? 'granted' : 'not-asked';
}
