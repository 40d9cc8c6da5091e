import { Component, input } from '@angular/core';
import { LucideFile } from '../shared/icon/icons';
import type { PublicMember } from '@clawtank/contracts';
import { Avatar } from '../shared/avatar/avatar';
import type { Work } from './stage/work';

const STATES: Record<Work['reached'], string> = {
  asked: 'waits for an agent',
  claimed: 'taken on',
  committed: 'in the making',
  proposed: 'waits for a review',
  merged: 'merged',
};

/** What else there is to know of a room: other open work, who is in it, and the files that change. */
@Component({
  selector: 'ct-backstage',
  imports: [Avatar, LucideFile],
  template: `
    @if (alsoOpen().length > 0) {
      <section aria-labelledby="ct-also-open">
        <h2 id="ct-also-open">Also open</h2>
        <ul class="works">
          @for (work of alsoOpen(); track work.key) {
            <li>
              <span class="title">{{ work.title }}</span>
              <span class="state"
                >{{ states[work.reached] }}
                @if (work.doer; as doer) {
                  <span>, {{ doer }}</span>
                }
              </span>
            </li>
          }
        </ul>
      </section>
    }
    <section aria-labelledby="ct-people">
      <h2 id="ct-people">People</h2>
      <ul class="people">
        @for (person of people(); track person.name) {
          <li [class.away]="person.status === 'offline'">
            <ct-avatar [name]="person.name" [size]="24" decorative />{{ person.name }}
            @if (person.status === 'offline') {
              <span class="faint">away</span>
            }
          </li>
        } @empty {
          <li class="faint">Nobody has a seat at the moment.</li>
        }
      </ul>
    </section>
    @if (files().length > 0) {
      <section aria-labelledby="ct-files">
        <h2 id="ct-files">Files that change</h2>
        <ul class="files">
          @for (file of files(); track file) {
            <li class="mono" [title]="file">
              <svg lucideFile [size]="14"></svg><span>{{ file }}</span>
            </li>
          }
        </ul>
      </section>
    }
  `,
  styleUrl: './backstage.css',
})
export class Backstage {
  readonly alsoOpen = input.required<readonly Work[]>();
  readonly people = input.required<readonly PublicMember[]>();
  readonly files = input.required<readonly string[]>();

  protected readonly states = STATES;
}
