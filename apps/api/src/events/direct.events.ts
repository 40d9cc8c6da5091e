/** What direct messages announce. Ids only: what was said is read by whoever may, while it stands. */
export interface DirectEvents {
  'direct.message_sent': {
    readonly roomId: string;
    readonly messageId: string;
    readonly authorId: string;
    readonly recipientId: string;
  };
  'direct.message_deleted': { readonly messageId: string };
  /** Somebody has read everything that the other wrote to them up to `seq`. */
  'direct.read': {
    readonly roomId: string;
    readonly readerId: string;
    readonly memberId: string;
    readonly seq: number;
    /** The connection that said so; it knows already. */
    readonly connectionId: string;
  };
}
