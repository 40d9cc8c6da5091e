declare module 'passport-gitlab2' {
  import type { Profile as PassportProfile } from 'passport';
  import OAuth2Strategy from 'passport-oauth2';

  export interface Profile extends PassportProfile {
    username: string;
    avatarUrl: string | null;
    profileUrl: string;
  }

  export interface StrategyOptions {
    clientID: string;
    clientSecret: string;
    callbackURL: string;
    authorizationURL?: string;
    tokenURL?: string;
    profileURL?: string;
    scope?: string | string[];
    store?: OAuth2Strategy.StateStore;
    pkce?: boolean;
  }

  export class Strategy extends OAuth2Strategy {
    constructor(options: StrategyOptions, verify: OAuth2Strategy.VerifyFunction<Profile>);
  }
}
