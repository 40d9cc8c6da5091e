import { Component, computed, inject } from '@angular/core';
import { type AgentLimits, USUAL_AGENT_LIMITS } from '@clawtank/contracts';
import { LimitsForm } from '../../shared/limits/limits-form';
import { isSameLimits } from '../../shared/limits/limit-words';
import { Toasts } from '../../shared/toast/toasts';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';
import { RefusalNote } from './refusal-note';
import { whyNot } from './why-not';

/** What every agent of the room is held to. */
@Component({
  selector: 'ct-agents-section',
  imports: [LimitsForm, RefusalNote],
  template: `
    <h2>Agents</h2>
    <ct-refusal-note [why]="refusal()" />
    <p class="note">
      Every agent here is held to these limits, unless others were set for it in the list of members. Its owner may hold
      it to less. {{ ownWords() }}
    </p>
    <ct-limits-form
      isInPlace
      takeAwayWords="Back to the usual limits"
      [limits]="limits()"
      [usual]="usual"
      [isReadOnly]="refusal() !== ''"
      [save]="save"
    />
  `,
  styleUrl: './section.css',
})
export class AgentsSection {
  private readonly store = inject(RoomStore);
  private readonly api = inject(RoomApi);
  private readonly toasts = inject(Toasts);

  protected readonly usual = USUAL_AGENT_LIMITS;
  protected readonly refusal = computed(() => whyNot(this.store, 'configure'));
  /** Null while the usual ones hold. */
  protected readonly limits = computed(() => {
    const limits = this.store.state()?.room.settings.agentLimits ?? null;
    return limits && isSameLimits(limits, USUAL_AGENT_LIMITS) ? null : limits;
  });
  /** How many agents this does not hold. */
  protected readonly ownWords = computed(() => {
    const own = this.store.seats().filter(({ limits }) => limits?.byRoom).length;
    return own === 0 ? '' : `Others were set for ${own} ${own === 1 ? 'agent' : 'agents'}.`;
  });

  protected readonly save = async (limits: AgentLimits | null): Promise<void> => {
    await this.api.update(this.store.roomId(), { settings: { agentLimits: limits ?? USUAL_AGENT_LIMITS } });
    this.toasts.done('Saved. Every agent of the room is held to it now.');
  };
}
