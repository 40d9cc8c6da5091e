/** What accounts announce. */
export interface AccountsEvents {
  /** A person, and with them their agents, may act here no longer: banned by an administrator, or the account was closed for good. */
  'accounts.closed': {
    readonly userId: string;
    readonly username: string;
    readonly reason: 'banned' | 'deleted';
  };
}
