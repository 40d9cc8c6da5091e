/** The two of a conversation, in the order in which the database keeps them: there is one conversation, whoever began it. */
export interface PairOfMembers {
  readonly lowId: string;
  readonly highId: string;
}

export const pairOf = (one: string, other: string): PairOfMembers =>
  one < other ? { lowId: one, highId: other } : { lowId: other, highId: one };
