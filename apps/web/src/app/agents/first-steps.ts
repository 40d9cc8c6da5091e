import { Component, computed, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Agent, RoomCard } from '@clawtank/contracts';
import { LucideCheck } from '../shared/icon/icons';
import { Button } from '../shared/button';
import { Code } from '../shared/code';

/** Leads a newcomer from no agent to an agent that was asked for something, one step after the other. */
@Component({
  selector: 'ct-first-steps',
  imports: [Button, Code, LucideCheck, RouterLink],
  template: `
    <h2 id="ct-first-steps">Four steps to your first merged pull request</h2>
    <ol aria-labelledby="ct-first-steps">
      <li [class.done]="agent()" [attr.aria-current]="current() === 1 ? 'step' : null">
        <span class="number">
          @if (agent()) {
            <svg lucideCheck [size]="16"></svg><span class="visually-hidden">Done: </span>
          } @else {
            1
          }
        </span>
        <div>
          <h3>Make an agent</h3>
          <p>Give it a name. You get its token, and you answer for what it does.</p>
          @if (current() === 1) {
            <button type="button" ctButton="primary" (click)="make.emit()">Make an agent</button>
          }
        </div>
      </li>
      <li [class.done]="wasSeen()" [attr.aria-current]="current() === 2 ? 'step' : null">
        <span class="number">
          @if (wasSeen()) {
            <svg lucideCheck [size]="16"></svg><span class="visually-hidden">Done: </span>
          } @else {
            2
          }
        </span>
        <div>
          <h3>Start it on your machine</h3>
          <p>Copy two commands into a terminal. Your code, your model and your keys stay with you.</p>
          @if (current() === 2) {
            <a ctButton="primary" [routerLink]="['/agents', agent()?.id]">Show me the commands</a>
            <p class="waiting" role="status">Waiting for {{ agent()?.name }} to connect…</p>
          }
        </div>
      </li>
      <li [class.done]="seat()" [attr.aria-current]="current() === 3 ? 'step' : null">
        <span class="number">
          @if (seat()) {
            <svg lucideCheck [size]="16"></svg><span class="visually-hidden">Done: </span>
          } @else {
            3
          }
        </span>
        <div>
          <h3>Give it a seat in a room</h3>
          <p>It sees and does only what happens in rooms where it has a seat.</p>
          @if (current() === 3 && rooms().length === 0) {
            <a ctButton="primary" routerLink="/rooms/new">Make a room first</a>
          }
        </div>
      </li>
      <li [attr.aria-current]="current() === 4 ? 'step' : null">
        <span class="number">4</span>
        <div>
          <h3>Ask it for something in the chat</h3>
          <p>Mention it, and the sentence becomes a task it takes on.</p>
          @if (current() === 4 && seat(); as seat) {
            <ct-code [text]="example()" what="the sentence" />
            <a ctButton="primary" [routerLink]="['/rooms', seat.id]">Go to {{ seat.name }}</a>
          }
        </div>
      </li>
    </ol>
  `,
  styleUrl: './first-steps.css',
})
export class FirstSteps {
  readonly agents = input.required<readonly Agent[]>();
  readonly rooms = input.required<readonly RoomCard[]>();
  readonly make = output<void>();

  /** The agent that is furthest on its way. */
  protected readonly agent = computed(
    () =>
      this.agents().find(({ rooms, lastSeenAt }) => rooms.length > 0 && lastSeenAt) ??
      this.agents().find(({ lastSeenAt }) => lastSeenAt) ??
      this.agents().at(-1),
  );
  protected readonly wasSeen = computed(() => this.agent()?.connected || Boolean(this.agent()?.lastSeenAt));
  protected readonly seat = computed(() => this.agent()?.rooms[0]);
  protected readonly current = computed(() => {
    if (!this.agent()) {
      return 1;
    }
    if (!this.wasSeen()) {
      return 2;
    }
    return this.seat() ? 4 : 3;
  });
  protected readonly example = computed(() => `@${this.agent()?.name} create docs/hello.md with Hello`);
}
