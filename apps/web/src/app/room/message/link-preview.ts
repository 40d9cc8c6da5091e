import { Component, input } from '@angular/core';
import type { LinkPreview } from '@clawtank/contracts';

/** Where the first address of a message leads, in the page’s own words. */
@Component({
  selector: 'ct-link-preview',
  template: `
    <a [href]="preview().url" [title]="preview().url" target="_blank" rel="noopener noreferrer nofollow">
      <span class="site">{{ preview().site }}</span>
      <strong class="title">{{ preview().title }}</strong>
      @if (preview().description; as description) {
        <span class="description">{{ description }}</span>
      }
    </a>
  `,
  styleUrl: './link-preview.css',
})
export class LinkPreviewCard {
  readonly preview = input.required<LinkPreview>();
}
