import { Component, computed, input, resource } from '@angular/core';
import { CopyButton } from '../../shared/copy-button';
import { highlight } from './highlight';

/** Code between fences: named, coloured, and ready to be copied. */
@Component({
  selector: 'ct-code-block',
  imports: [CopyButton],
  template: `
    <figure>
      <figcaption>
        <span>{{ language() || 'code' }}</span>
        <ct-copy-button [text]="text()" what="the code" />
      </figcaption>
      <pre
        tabindex="0"
        role="region"
        [attr.aria-label]="'Code' + (language() ? ', ' + language() : '')"
      ><code>@for (token of tokens(); track $index) {<span [class]="token.tone">{{ token.text }}</span>}</code></pre>
    </figure>
  `,
  styleUrl: './code-block.css',
})
export class CodeBlock {
  readonly text = input.required<string>();
  readonly language = input('');

  private readonly name = computed(
    () =>
      this.language()
        .split(/[\s,{:]/, 1)[0]
        ?.toLowerCase() ?? '',
  );
  private readonly coloured = resource({
    params: () => (this.name() === '' ? undefined : { code: this.text(), language: this.name() }),
    loader: ({ params }) => highlight(params.code, params.language),
  });
  /** Plain until the colours are there, and if there are none. */
  protected readonly tokens = computed(
    () => (this.coloured.hasValue() ? this.coloured.value() : null) ?? [{ tone: '' as const, text: this.text() }],
  );
}
