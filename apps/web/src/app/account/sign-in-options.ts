import { httpResource } from '@angular/common/http';
import { Service } from '@angular/core';
import type { SignInOptions } from '@clawtank/contracts';

/** How people may get in on this server: asked once, when the first form for it is opened. */
@Service()
export class SignInChoices {
  private readonly answer = httpResource<SignInOptions>(() => '/api/auth/options');

  readonly options = () => (this.answer.hasValue() ? this.answer.value() : null);
  readonly hasFailed = () => this.answer.error() !== undefined;
}
