import { HttpClient, HttpContext, HttpContextToken } from '@angular/common/http';
import { Service, computed, inject, signal } from '@angular/core';
import type { Account, Login, Register, SignedIn } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { ApiProblem, toApiProblem } from '../problem/api-problem';
import { SessionTabs } from './session-tabs';

/** Set on requests that must not carry, or wait for, an access token: those that obtain one. */
export const WITHOUT_SESSION = new HttpContextToken(() => false);

type SessionState =
  | { readonly status: 'starting' }
  | { readonly status: 'signed-in'; readonly grant: SignedIn }
  | { readonly status: 'signed-out' }
  /** The server could not be asked; it will be asked again. */
  | { readonly status: 'unreachable' };

/** A token is renewed this long before it expires, so that no request meets its last second. */
const RENEW_BEFORE_EXPIRY = 60_000;
const RETRY_UNREACHABLE = 5_000;
/** An answer that takes longer would hold up the renewals of every other tab. */
const PATIENCE = 15_000;

/**
 * Who is signed in. The access token lives in memory only; the refresh token is a cookie that scripts cannot read.
 * Tabs renew one at a time and share what they get, because the refresh token rotates and its reuse ends the session.
 */
@Service()
export class Session {
  private readonly http = inject(HttpClient);
  private readonly tabs = inject(SessionTabs);
  private readonly state = signal<SessionState>({ status: 'starting' });
  private markSettled: () => void = () => undefined;
  private readonly whenSettled = new Promise<void>((resolve) => (this.markSettled = resolve));
  private renewal: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly status = computed(() => this.state().status);
  readonly account = computed<Account | null>(() => this.grant()?.account ?? null);
  readonly accessToken = computed(() => this.grant()?.accessToken ?? null);

  private readonly grant = computed(() => {
    const state = this.state();
    return state.status === 'signed-in' ? state.grant : null;
  });

  constructor() {
    this.tabs.listen((news) => (news ? this.hold(news) : this.forget()));
  }

  /** Asks the server once who is here. Until it has answered, `settled` waits. */
  async start(): Promise<void> {
    await this.renew(null);
    this.markSettled();
  }

  /** Resolves as soon as it is known whether somebody is signed in. */
  settled(): Promise<void> {
    return this.whenSettled;
  }

  async signIn(login: Login): Promise<void> {
    this.grantTo(await this.ask('login', login));
  }

  async register(registration: Register): Promise<void> {
    this.grantTo(await this.ask('register', registration));
  }

  /** Ends the session here and in every other tab, even if the server cannot be told. */
  async signOut(): Promise<void> {
    try {
      await this.ask('logout', {});
    } catch (thrown) {
      if (toApiProblem(thrown).code === 'offline') {
        throw thrown;
      }
    }
    this.forget();
    this.tabs.tell(null);
  }

  /** Replaces the account that is shown, after the reader has changed it. */
  accountChanged(account: Account): void {
    const grant = this.grant();
    if (grant) {
      this.grantTo({ ...grant, account });
    }
  }

  /**
   * Gets a new access token unless the present one is already newer than `stale`. Never throws: afterwards `accessToken`
   * is a usable token, or null.
   */
  renew(stale: string | null): Promise<void> {
    this.renewal ??= this.tabs
      .oneAtATime(async () => {
        const current = this.accessToken();
        if (current === null || current === stale) {
          await this.refresh();
        }
      })
      .finally(() => (this.renewal = null));
    return this.renewal;
  }

  /** A token to open a connection with now: renewed first if it has run out, for instance while the computer slept. */
  async currentToken(): Promise<string | null> {
    const grant = this.grant();
    if (grant && Date.parse(grant.expiresAt) <= Date.now()) {
      await this.renew(grant.accessToken);
    }
    return this.accessToken();
  }

  private async refresh(): Promise<void> {
    try {
      const grant = await this.ask<SignedIn | null>('refresh', {});
      if (grant) {
        this.grantTo(grant);
      } else {
        this.forget();
      }
    } catch (thrown) {
      this.refreshFailed(toApiProblem(thrown));
    }
  }

  private refreshFailed(problem: ApiProblem): void {
    if (problem.status === 401 || problem.status === 403) {
      const wasSignedIn = this.grant() !== null;
      this.forget();
      if (wasSignedIn) {
        this.tabs.tell(null);
      }
      return;
    }
    if (!this.grant()) {
      this.state.set({ status: 'unreachable' });
    }
    this.renewIn(problem.retryAfter ?? RETRY_UNREACHABLE);
  }

  private grantTo(grant: SignedIn): void {
    this.hold(grant);
    this.tabs.tell(grant);
  }

  private hold(grant: SignedIn): void {
    this.state.set({ status: 'signed-in', grant });
    this.renewIn(Math.max(Date.parse(grant.expiresAt) - Date.now() - RENEW_BEFORE_EXPIRY, RETRY_UNREACHABLE));
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.state.set({ status: 'signed-out' });
  }

  private renewIn(milliseconds: number): void {
    clearTimeout(this.timer);
    const stale = this.accessToken();
    this.timer = setTimeout(() => void this.renew(stale), milliseconds);
  }

  private ask<T = SignedIn>(what: 'login' | 'register' | 'refresh' | 'logout', body: object): Promise<T> {
    const context = new HttpContext().set(WITHOUT_SESSION, what !== 'logout');
    return firstValueFrom(this.http.post<T>(`/api/auth/${what}`, body, { context, timeout: PATIENCE }));
  }
}
