import { httpResource } from '@angular/common/http';
import { Component, DOCUMENT, computed, inject, input, signal } from '@angular/core';
import type { Room } from '@clawtank/contracts';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Code } from '../../shared/code';
import {
  BRIDGED_AGENTS,
  type BridgedAgent,
  addMcp,
  keepToken,
  mcpAddress,
  openClawSteps,
  startBridge,
  startReferenceAgent,
} from '../run-commands';
import { AgentStore } from './agent-store';

const WAYS = [
  { way: 'bridge', title: 'A coding agent', what: 'Claude Code, Codex, Gemini CLI and others, by the bridge' },
  { way: 'reference', title: 'The reference agent', what: 'Makes simple edits, needs no model' },
  { way: 'openclaw', title: 'OpenClaw', what: 'By its channel plugin: talks, and takes tasks' },
  { way: 'mcp', title: 'An MCP client', what: 'Asks for work by itself' },
] as const;
type Way = (typeof WAYS)[number]['way'];

/** How an agent is brought to life in a terminal, to be copied line by line, until it is there. */
@Component({
  selector: 'ct-start-commands',
  imports: [Button, Code],
  template: `
    <fieldset>
      <legend class="visually-hidden">What it runs</legend>
      @for (one of ways; track one.way) {
        <label class="choice">
          <input
            type="radio"
            name="ct-way"
            [value]="one.way"
            [checked]="way() === one.way"
            (change)="way.set(one.way)"
          />
          <span
            ><strong>{{ one.title }}</strong
            ><br />{{ one.what }}</span
          >
        </label>
      }
    </fieldset>
    <ol>
      <li>
        @if (store.token(); as token) {
          Its token. <strong>It is shown this once</strong>; who has it can act as {{ name() }}.
          <ct-code [text]="token" what="the token" />
          <p class="note">Keep it in a file only you can read:</p>
          <ct-code [text]="keepToken(name(), token)" what="the command that keeps the token" />
          <button type="button" class="kept" ctButton size="small" (click)="store.putTokenAway()">
            I have kept the token
          </button>
        } @else {
          Its token was shown once. If you did not keep it in {{ name() }}.token, replace it:
          <button type="button" ctButton size="small" [pending]="isRenewing()" (click)="renew()">
            Replace the token and show it
          </button>
          @if (problem(); as problem) {
            <p class="problem" role="alert">{{ problem }}</p>
          }
        }
      </li>
      @switch (way()) {
        @case ('bridge') {
          <li>
            <label for="ct-bridged">Your coding agent</label>
            <select id="ct-bridged" (change)="choose($event)">
              @for (one of agents; track one.name) {
                <option [value]="one.name" [selected]="bridged() === one.name">{{ one.title }}</option>
              }
              <option value="other" [selected]="bridged() === 'other'">Another that speaks ACP</option>
            </select>
            @if (install(); as install) {
              <p class="note">Once, if it is not there yet:</p>
              <ct-code [text]="install" what="the command that installs it" />
            }
          </li>
          <li>
            @if (room(); as room) {
              Bring it into {{ room.name }}:
              <ct-code
                [text]="startBridge(name(), origin, { id: room.id, elsewhere: elsewhere() }, bridged())"
                what="the command that starts the agent"
              />
              <p class="note">
                It may edit, read and search in the folder of a task you gave. Everything else it asks you for, in the
                room.
                @if (elsewhere(); as address) {
                  What it commits is pushed to {{ address }} by your own git, as you.
                }
              </p>
            } @else {
              <p class="note">Give it a room first: the command names it.</p>
            }
          </li>
        }
        @case ('reference') {
          <li>
            In your copy of ClawTank’s repository, built by <code>npm run build</code>, start it:
            <ct-code [text]="startReferenceAgent(name(), origin)" what="the command that starts the agent" />
          </li>
        }
        @case ('openclaw') {
          <li>
            In your copy of ClawTank’s repository, on the machine of your gateway, install the plugin:
            <ct-code [text]="openClaw().build" what="the command that builds the plugin" />
            <ct-code [text]="openClaw().install" what="the command that installs the plugin" />
          </li>
          <li>
            Tell it where to go, and let it in:
            <ct-code [text]="openClaw().configure" what="the command that configures the plugin" />
            <ct-code [text]="openClaw().enable" what="the command that enables the plugin" />
          </li>
        }
        @case ('mcp') {
          <li>
            For Claude Code:
            <ct-code [text]="addMcp(name(), origin)" what="the command that adds the tools" />
            <p class="note">Other clients take this address, with the token as a bearer token:</p>
            <ct-code [text]="mcpAddress(origin)" what="the MCP address" />
            <p class="note">Then tell it: “List your ClawTank rooms, and wait for a task.”</p>
          </li>
        }
      }
    </ol>
    <p class="waiting" role="status" [class.connected]="isConnected()">
      {{ isConnected() ? name() + ' is connected' : 'Waiting for ' + name() + ' to connect…' }}
    </p>
  `,
  styleUrls: ['../../shared/form/fields.css', './section.css'],
  styles: `
    :host {
      display: grid;
      gap: var(--space-3);
      min-width: 0;
    }

    fieldset {
      grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr));
    }

    ol {
      display: grid;
      gap: var(--space-4);
      padding-left: 1.25rem;
      list-style: decimal;
    }

    li {
      min-width: 0;
    }

    li::marker {
      color: var(--ink-faint);
    }

    li > label {
      margin-right: var(--space-3);
    }

    ct-code {
      margin-top: var(--space-1);
    }

    .kept {
      margin-top: var(--space-2);
    }

    .note {
      margin-top: var(--space-2);
    }

    .waiting {
      color: var(--ink-faint);
      font-weight: 600;
    }

    .waiting::before {
      content: '';
      display: inline-block;
      width: 0.5rem;
      height: 0.5rem;
      margin-right: 0.5rem;
      border: 1.5px solid currentColor;
      border-radius: 50%;
    }

    .connected {
      color: var(--teal);
    }

    .connected::before {
      background: currentColor;
    }
  `,
})
export class StartCommands {
  protected readonly origin = inject(DOCUMENT).location.origin;
  protected readonly store = inject(AgentStore);

  /** Where it is to work. */
  readonly room = input.required<{ readonly id: string; readonly name: string } | null>();

  private readonly working = httpResource<Room>(() => {
    const room = this.room();
    return room ? `/api/rooms/${room.id}` : undefined;
  });
  /** Where the room's repository is, if that is not here: a room's host says so, and the owner of the agent agrees by the command. */
  protected readonly elsewhere = computed(() => {
    const repository = this.working.hasValue() ? this.working.value().repository : null;
    return repository && repository.provider !== 'clawtank' ? repository.cloneUrl : null;
  });

  protected readonly ways = WAYS;
  protected readonly agents = BRIDGED_AGENTS;
  protected readonly keepToken = keepToken;
  protected readonly startBridge = startBridge;
  protected readonly startReferenceAgent = startReferenceAgent;
  protected readonly addMcp = addMcp;
  protected readonly mcpAddress = mcpAddress;

  protected readonly way = signal<Way>('bridge');
  protected readonly bridged = signal<BridgedAgent>('claude');
  protected readonly install = computed(() => BRIDGED_AGENTS.find(({ name }) => name === this.bridged())?.install);
  protected readonly name = computed(() => this.store.agent()?.name ?? '');
  protected readonly openClaw = computed(() => openClawSteps(this.name(), this.origin));
  protected readonly isConnected = computed(() => this.store.agent()?.connected ?? false);
  protected readonly isRenewing = signal(false);
  protected readonly problem = signal('');

  protected choose(event: Event): void {
    this.bridged.set((event.target as HTMLSelectElement).value as BridgedAgent);
  }

  protected async renew(): Promise<void> {
    this.isRenewing.set(true);
    this.problem.set('');
    try {
      await this.store.renewToken();
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown).detail);
    } finally {
      this.isRenewing.set(false);
    }
  }
}
