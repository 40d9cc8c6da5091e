import { Component, computed, inject, input } from '@angular/core';
import {
  LucideClipboardList,
  LucideGitMerge,
  LucideHammer,
  LucideMessagesSquare,
  LucideMoon,
  LucideSearchCheck,
} from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { Now } from '../../shared/now';
import { RelativeTime, describeAge } from '../../shared/relative-time';
import type { AgentOnStage } from './agents-on-stage';
import type { Headline } from './headline';
import { Steps } from './steps';
import type { Work } from './work';

const KICKERS: Record<Headline['kind'], string> = {
  merged: 'Last merged',
  building: 'Being built now',
  review: 'Waiting for a review',
  waiting: 'Waiting for an agent',
  talking: 'Being said',
  quiet: 'Quiet at the moment',
};

/** The tank: the one thing that is happening now, how far it is, and the agents that live here. */
@Component({
  selector: 'ct-stage',
  imports: [
    Avatar,
    LucideClipboardList,
    LucideGitMerge,
    LucideHammer,
    LucideMessagesSquare,
    LucideMoon,
    LucideSearchCheck,
    RelativeTime,
    Steps,
  ],
  templateUrl: './stage.html',
  styleUrl: './stage.css',
})
export class Stage {
  private readonly now = inject(Now).value;

  readonly headline = input.required<Headline>();
  readonly agents = input.required<readonly AgentOnStage[]>();

  protected readonly kicker = computed(() => {
    const headline = this.headline();
    return headline.kind === 'merged' && headline.isFresh ? 'Just merged' : KICKERS[headline.kind];
  });
  protected readonly work = computed<Work | null>(() => {
    const headline = this.headline();
    return 'work' in headline ? headline.work : null;
  });
  protected readonly said = computed(() => {
    const headline = this.headline();
    return headline.kind === 'talking' ? headline.said : null;
  });
  protected readonly title = computed(() => {
    const headline = this.headline();
    switch (headline.kind) {
      case 'talking':
        return `“${headline.said.content}”`;
      case 'quiet':
        return this.agents().length > 0 ? 'The next task may come any moment' : 'Nobody is at work here';
      default:
        return headline.work.title;
    }
  });
  protected readonly doerInWords = computed(() => {
    const { doer, owner } = this.work() ?? {};
    return owner ? `${doer}, ${owner}’s agent` : doer;
  });
  /** Read out when it changes; a sentence without times, which change all the time. */
  protected readonly announcement = computed(() => `${this.kicker()}: ${this.title()}`);
  protected readonly quietFor = computed(() => {
    const headline = this.headline();
    return headline.kind === 'quiet' && headline.since ? describeAge(Date.parse(headline.since), this.now()) : null;
  });
}
