import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Button } from '../shared/button';
import { StateMessage } from '../shared/state/state-message';

/** For addresses that lead nowhere, and for what the reader may not know exists. */
@Component({
  selector: 'ct-not-found',
  imports: [Button, RouterLink, StateMessage],
  template: `
    <ct-state kind="empty" heading="There is nothing here">
      The address may be mistyped, or what was here is gone or private.
      <a action ctButton="primary" routerLink="/">Go to the lobby</a>
    </ct-state>
  `,
  styles: `
    :host {
      display: grid;
      height: 100%;
    }
  `,
})
export class NotFound {}
