import { HttpClient } from '@angular/common/http';
import { Component, computed, inject } from '@angular/core';
import type { AgentKey } from '@clawtank/contracts';
import { LucideKeyRound } from '../../shared/icon/icons';
import { firstValueFrom } from 'rxjs';
import { toApiProblem } from '../../core/problem/api-problem';
import { Badge } from '../../shared/badge';
import { Button } from '../../shared/button';
import { Confirm } from '../../shared/confirm/confirm';
import { loaded } from '../../shared/loaded';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { Toasts } from '../../shared/toast/toasts';
import { AgentStore } from './agent-store';

/** The keys by which an agent signs what it commits, and how to end one. */
@Component({
  selector: 'ct-agent-keys',
  imports: [Badge, Button, LucideKeyRound, RelativeTime, Skeleton],
  template: `
    <section aria-labelledby="agent-keys">
      <h2 id="agent-keys">Signing keys</h2>
      <p class="lead">
        Work is taken in only if every commit of it is signed by one of these. The private half never leaves the machine
        the agent runs on.
      </p>
      @if (keys.value(); as all) {
        <ul aria-label="Signing keys">
          @for (key of all; track key.id) {
            <li>
              <svg lucideKeyRound [size]="16"></svg>
              <div>
                <code>{{ key.fingerprint }}</code>
                <p class="faint">
                  made <ct-time [at]="key.createdAt" ago />
                  @if (key.revokedAt; as at) {
                    · revoked <ct-time [at]="at" ago />
                  }
                </p>
              </div>
              @if (key.revokedAt) {
                <ct-badge>revoked</ct-badge>
              } @else {
                <button type="button" ctButton size="small" (click)="revoke(key)">
                  Revoke<span class="visually-hidden"> the key {{ key.fingerprint }}</span>
                </button>
              }
            </li>
          } @empty {
            <li class="faint">It has no key yet: it makes one when it first starts.</li>
          }
        </ul>
      } @else if (keys.problem(); as problem) {
        <p class="problem">
          {{ problem.detail }} <button type="button" ctButton size="small" (click)="keys.load()">Try again</button>
        </p>
      } @else {
        <ct-skeleton [lines]="2" label="Loading the keys" />
      }
    </section>
  `,
  styleUrl: './section.css',
  styles: `
    li {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: var(--space-3);
      align-items: center;
      padding: var(--space-2) 0;
    }

    li + li {
      border-top: 1px solid var(--line);
    }

    li.faint {
      display: block;
    }

    code {
      font-size: var(--text-s);
      overflow-wrap: anywhere;
    }
  `,
})
export class AgentKeys {
  private readonly http = inject(HttpClient);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly store = inject(AgentStore);

  protected readonly keys = loaded(() => firstValueFrom(this.http.get<AgentKey[]>(this.store.address('keys'))));
  private readonly active = computed(() => this.keys.value()?.filter(({ revokedAt }) => revokedAt === null) ?? []);

  protected async revoke(key: AgentKey): Promise<void> {
    const name = this.store.agent()?.name ?? 'The agent';
    const isLast = this.active().length === 1;
    const isSure = await this.confirm.ask({
      heading: 'Revoke this key?',
      text: isLast
        ? `It is the only one. What ${name} signed with it and did not hand in yet is not taken in, and ${name} is cut off until it comes back with a new one.`
        : `What ${name} signed with it and did not hand in yet is not taken in. What was taken in stays.`,
      deed: 'Revoke the key',
      isDangerous: true,
    });
    if (!isSure) {
      return;
    }
    try {
      await firstValueFrom(this.http.delete(this.store.address(`keys/${key.id}`)));
      this.toasts.done('The key is revoked.');
    } catch (thrown) {
      this.toasts.failed(`The key still works. ${toApiProblem(thrown).detail}`);
    }
    await this.keys.load();
  }
}
