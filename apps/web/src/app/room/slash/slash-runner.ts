import { Service, inject, signal } from '@angular/core';
import { SLASH_COMMANDS, type SlashCommand, type SlashReading } from '@clawtank/contracts';
import { toApiProblem } from '../../core/problem/api-problem';
import { RoomStore } from '../state/room-store';
import { RoomDeeds, type Wishes } from './room-deeds';

/** What came of a command, for the eyes of whoever wrote it. */
export interface SlashAnswer {
  readonly kind: 'done' | 'refused';
  readonly words: string;
  /** Where to look at it. */
  readonly address: string | null;
}

/** Carries out slash commands; the answer is shown to their writer alone. Provided by the room's page. */
@Service({ autoProvided: false })
export class SlashRunner {
  private readonly deeds = inject(RoomDeeds);
  private readonly store = inject(RoomStore);
  private readonly last = signal<SlashAnswer | null>(null);
  private readonly busy = signal(false);

  readonly answer = this.last.asReadonly();
  readonly isBusy = this.busy.asReadonly();

  /**
   * Carries out what was read. True if it was done and the text may go; otherwise it stays where it was written, and the
   * answer says why. `say` puts words into the room in the writer's name; `wishes` are for the task, if it makes one.
   */
  async run(reading: SlashReading, say: (text: string) => void, wishes: Wishes = {}): Promise<boolean> {
    if (this.busy()) {
      return false;
    }
    const command = this.permitted(reading);
    if (typeof command === 'string') {
      return this.refuse(command);
    }
    this.last.set(null);
    this.busy.set(true);
    try {
      const outcome = await this.deeds.do(command, say, wishes);
      if (typeof outcome === 'object') {
        this.last.set({ kind: 'done', words: outcome.words, address: outcome.address ?? null });
      }
      return outcome !== 'kept';
    } catch (thrown) {
      return this.refuse(toApiProblem(thrown).detail);
    } finally {
      this.busy.set(false);
    }
  }

  /** The writer has seen the answer. */
  dismiss(): void {
    this.last.set(null);
  }

  /** The command that is to be carried out, or why there is none. */
  private permitted(reading: SlashReading): SlashCommand | string {
    if (reading.kind === 'unknown') {
      const meant = reading.suggestions.map((name) => `/${name}`).join(' or ');
      const hint = meant === '' ? 'See /help for all of them.' : `Did you mean ${meant}?`;
      return `There is no command /${reading.name}. ${hint} To say it as it is, write //${reading.name}.`;
    }
    const { ability, usage } = SLASH_COMMANDS[reading.command];
    if (ability !== null && !this.store.can(ability)) {
      return `You may not use /${reading.command} in this room.`;
    }
    return reading.kind === 'problem' ? `${reading.problem}: ${usage}` : reading;
  }

  private refuse(words: string): false {
    this.last.set({ kind: 'refused', words, address: null });
    return false;
  }
}
