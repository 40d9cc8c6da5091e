import {
  Component,
  ElementRef,
  afterNextRender,
  booleanAttribute,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  signal,
} from '@angular/core';
import { AGENT_COMMAND_GROUPS, type AgentCommandGroup, AgentLimits } from '@clawtank/contracts';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../button';
import { COUNTED, type CountedLimit, GROUP_WORDS, NO_LIMITS, isSameLimits } from './limit-words';

let count = 0;

/** Says what an agent is held to: numbers, what it may do, and which files its work may touch. An empty field is no limit. */
@Component({
  selector: 'ct-limits-form',
  imports: [Button],
  template: `
    <form novalidate (submit)="submit($event)">
      <div class="counted">
        @for (one of counted; track one.name) {
          <div>
            <label [for]="id + one.name">{{ one.words }}</label>
            <input
              type="number"
              inputmode="numeric"
              min="0"
              placeholder="no limit"
              [id]="id + one.name"
              [value]="draft()[one.name] ?? ''"
              [disabled]="isReadOnly()"
              [attr.aria-invalid]="problems().get(one.name) ? true : null"
              [attr.aria-describedby]="id + one.name + '-note'"
              (input)="setNumber(one.name, $event)"
            />
            <p class="wrong" [id]="id + one.name + '-note'" aria-live="polite">{{ problems().get(one.name) }}</p>
          </div>
        }
      </div>
      <fieldset [disabled]="isReadOnly()">
        <legend>What it may do beside reading</legend>
        @for (group of groups; track group) {
          <label class="check">
            <input type="checkbox" [checked]="may(group)" (change)="setGroup(group, $event)" />
            {{ groupWords[group] }}
          </label>
        }
      </fieldset>
      <div>
        <label [for]="id + 'paths'">Which files its work may touch</label>
        <textarea
          rows="3"
          spellcheck="false"
          placeholder="src/**"
          [id]="id + 'paths'"
          [value]="draft().paths?.join('\\n') ?? ''"
          [disabled]="isReadOnly()"
          [attr.aria-invalid]="problems().get('paths') ? true : null"
          [attr.aria-describedby]="id + 'paths-note'"
          (input)="setPaths($event)"
        ></textarea>
        <p class="note" [class.wrong]="problems().get('paths')" [id]="id + 'paths-note'" aria-live="polite">
          {{
            problems().get('paths') ??
              'One pattern a line, such as src/** or docs/; with ! in front what it must not touch. Empty: every file.'
          }}
        </p>
      </div>
      @if (refusal(); as refusal) {
        <p class="problem" role="alert">{{ refusal }}</p>
      }
      @if (!isReadOnly()) {
        <div class="buttons">
          <button ctButton="primary" size="small" [pending]="isSaving()">Save the limits</button>
          @if (limits()) {
            <button type="button" ctButton size="small" [pending]="isSaving()" (click)="send(null)">
              {{ takeAwayWords() }}
            </button>
          }
          @if (!isInPlace()) {
            <button type="button" ctButton="quiet" size="small" (click)="closed.emit()">Cancel</button>
          } @else if (isChanged()) {
            <button type="button" ctButton="quiet" size="small" (click)="undo()">Undo</button>
          }
        </div>
      }
    </form>
  `,
  styleUrl: '../form/fields.css',
  styles: `
    .counted {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr));
      gap: var(--space-3);
    }

    .counted div {
      display: grid;
      grid-template-rows: 1fr auto auto;
      gap: var(--space-1);
    }

    label {
      font-weight: 600;
    }

    .check {
      font-weight: 400;
    }

    input[type='number'] {
      width: 100%;
    }

    textarea {
      width: 100%;
      padding: var(--space-2) var(--space-3);
      border: 1px solid var(--control-line);
      border-radius: var(--radius-m);
      background: var(--surface);
      font-family: var(--mono);
      resize: vertical;
    }

    [aria-invalid] {
      border-color: var(--danger);
    }

    .wrong {
      color: var(--danger);
      font-size: var(--text-s);
    }
  `,
})
export class LimitsForm {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);

  /** What was set before; null if nothing. */
  readonly limits = input.required<AgentLimits | null>();
  /** What one begins with if nothing was set: what holds without it. */
  readonly usual = input<AgentLimits>(NO_LIMITS);
  /** Sends what was chosen; null takes the limits away. A refusal is shown here. */
  readonly save = input.required<(limits: AgentLimits | null) => Promise<unknown>>();
  /** A part of its page from the beginning, and not opened by a button: it takes no focus, and is never closed. */
  readonly isInPlace = input(false, { transform: booleanAttribute });
  readonly isReadOnly = input(false);
  readonly takeAwayWords = input('Take them away');
  readonly closed = output();

  /** The same limits read again are no reason to lose what is being typed. */
  private readonly before = computed(() => this.limits() ?? this.usual(), { equal: isSameLimits });
  protected readonly id = `ct-limits-${(count += 1)}-`;
  protected readonly counted = COUNTED;
  protected readonly groups = AGENT_COMMAND_GROUPS;
  protected readonly groupWords = GROUP_WORDS;
  protected readonly draft = linkedSignal<AgentLimits>(() => this.before());
  protected readonly isChanged = computed(() => !isSameLimits(this.draft(), this.before()));
  protected readonly problems = signal<ReadonlyMap<string, string>>(new Map());
  protected readonly refusal = signal('');
  protected readonly isSaving = signal(false);

  constructor() {
    afterNextRender(() => {
      if (!this.isInPlace()) {
        this.host.nativeElement.querySelector('input')?.focus();
      }
    });
  }

  protected undo(): void {
    this.draft.set(this.before());
    this.problems.set(new Map());
    this.refusal.set('');
    this.host.nativeElement.querySelector('input')?.focus();
  }

  protected may(group: AgentCommandGroup): boolean {
    return this.draft().commands?.includes(group) ?? true;
  }

  protected setNumber(name: CountedLimit, event: Event): void {
    const { value } = event.target as HTMLInputElement;
    this.draft.update((draft) => ({ ...draft, [name]: value === '' ? null : Number(value) }));
  }

  protected setGroup(group: AgentCommandGroup, event: Event): void {
    const { checked } = event.target as HTMLInputElement;
    this.draft.update((draft) => {
      const before = draft.commands ?? [...AGENT_COMMAND_GROUPS];
      const commands = AGENT_COMMAND_GROUPS.filter((one) => (one === group ? checked : before.includes(one)));
      return { ...draft, commands: commands.length === AGENT_COMMAND_GROUPS.length ? null : commands };
    });
  }

  protected setPaths(event: Event): void {
    const lines = (event.target as HTMLTextAreaElement).value.split('\n').map((line) => line.trim());
    const paths = lines.filter((line) => line !== '');
    this.draft.update((draft) => ({ ...draft, paths: paths.length > 0 ? paths : null }));
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    const parsed = AgentLimits.safeParse(this.draft());
    this.problems.set(
      new Map(parsed.error?.issues.map(({ path, message }) => [String(path[0]), pathOf(this.draft(), path) + message])),
    );
    if (parsed.success) {
      await this.send(parsed.data);
    } else {
      setTimeout(() => this.host.nativeElement.querySelector<HTMLElement>('[aria-invalid]')?.focus());
    }
  }

  protected async send(limits: AgentLimits | null): Promise<void> {
    this.isSaving.set(true);
    this.refusal.set('');
    try {
      await this.save()(limits);
      this.closed.emit();
    } catch (thrown) {
      this.refusal.set(toApiProblem(thrown).detail);
    } finally {
      this.isSaving.set(false);
    }
  }
}

/** Which of several patterns is wrong. */
function pathOf({ paths }: AgentLimits, [name, index]: readonly PropertyKey[]): string {
  return name === 'paths' && typeof index === 'number' ? `${paths?.[index] ?? ''}: ` : '';
}
