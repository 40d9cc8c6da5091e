import { HttpClient, httpResource } from '@angular/common/http';
import { Component, DOCUMENT, computed, inject, signal } from '@angular/core';
import { FormRoot, form, required } from '@angular/forms/signals';
import { type AccessToken, CreateAccessToken, type NewAccessToken } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { MyRooms } from '../core/my-rooms';
import { toApiProblem } from '../core/problem/api-problem';
import { Button } from '../shared/button';
import { Code } from '../shared/code';
import { Confirm } from '../shared/confirm/confirm';
import { FormProblem } from '../shared/form/form-problem';
import { matches } from '../shared/form/matches';
import { submission } from '../shared/form/submission';
import { TextField } from '../shared/form/text-field';
import { RelativeTime } from '../shared/relative-time';
import { Skeleton } from '../shared/skeleton';
import { Toasts } from '../shared/toast/toasts';

/** The reader's own tokens for git: where a password is asked for, a token goes. */
@Component({
  selector: 'ct-git-access-settings',
  imports: [Button, Code, FormProblem, FormRoot, RelativeTime, Skeleton, TextField],
  templateUrl: './git-access-settings.html',
  styleUrl: './git-access-settings.css',
})
export class GitAccessSettings {
  private readonly http = inject(HttpClient);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly myRooms = inject(MyRooms);
  private readonly origin = inject(DOCUMENT).location.origin;

  protected readonly list = httpResource<AccessToken[]>(() => '/api/auth/tokens');
  protected readonly tokens = computed(() => (this.list.hasValue() ? this.list.value() : null));
  protected readonly made = signal<NewAccessToken | null>(null);
  /** A line that works as it is, for the room the reader is likely to want. */
  protected readonly cloneLine = computed(() => {
    const room = this.myRooms.rooms()[0];
    return `git clone ${this.origin}/git/${room?.id ?? 'ROOM'}.git`;
  });
  protected readonly cloneRoom = computed(() => this.myRooms.rooms()[0]?.name ?? null);

  private readonly model = signal({ name: '' });
  protected readonly draft = form(
    this.model,
    (path) => {
      required(path.name, { message: 'Say where you will use it, such as “laptop”' });
      matches(path.name, CreateAccessToken.shape.name);
    },
    { submission: submission((draft: { name: string }) => this.make(draft)) },
  );

  protected forget(): void {
    this.made.set(null);
  }

  protected async revoke(token: AccessToken): Promise<void> {
    const isSure = await this.confirm.ask({
      heading: `Revoke the token “${token.name}”?`,
      text: 'Git on the machine that uses it is refused from now on. What it pushed stays.',
      deed: `Revoke ${token.name}`,
      isDangerous: true,
    });
    if (!isSure) {
      return;
    }
    try {
      await firstValueFrom(this.http.delete(`/api/auth/tokens/${token.id}`));
      if (this.made()?.accessToken.id === token.id) {
        this.forget();
      }
      this.list.reload();
      this.toasts.done(`The token “${token.name}” is revoked.`);
    } catch (thrown) {
      this.toasts.failed(`The token “${token.name}” still works. ${toApiProblem(thrown).detail}`);
    }
  }

  private async make(draft: CreateAccessToken): Promise<void> {
    this.made.set(await firstValueFrom(this.http.post<NewAccessToken>('/api/auth/tokens', draft)));
    this.draft().reset({ name: '' });
    this.list.reload();
  }
}
