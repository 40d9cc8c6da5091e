import { Component, computed, input } from '@angular/core';
import type { Called } from './mentions';
import { speechBlocks } from './speech-blocks';
import { SpeechFlow } from './speech-flow';

/** As many emoji alone are shown larger. */
const FEW_EMOJI = new RegExp('^(?:\\p{RGI_Emoji}\\s*){1,3}$', 'v');

/** What somebody said, with the Markdown in it. */
@Component({
  selector: 'ct-speech-text',
  imports: [SpeechFlow],
  host: { '[class.large]': 'isEmojiOnly()' },
  template: `<ct-flow [blocks]="blocks()" />`,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }

    :host(.large) {
      font-size: 2rem;
    }
  `,
})
export class SpeechText {
  readonly text = input.required<string>();
  readonly called = input.required<Called>();

  protected readonly blocks = computed(() => speechBlocks(this.text(), this.called()));
  protected readonly isEmojiOnly = computed(() => FEW_EMOJI.test(this.text().trim()));
}
