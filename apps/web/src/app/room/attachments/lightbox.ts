import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, signal } from '@angular/core';
import type { Attachment } from '@clawtank/contracts';
import { LucideArrowLeft, LucideArrowRight, LucideDownload, LucideX } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { fileSize } from './file-size';

export interface LightboxContent {
  readonly images: readonly Attachment[];
  readonly index: number;
}

/** One image as large as the window allows; arrows lead to the message's others. */
@Component({
  selector: 'ct-lightbox',
  imports: [Button, LucideArrowLeft, LucideArrowRight, LucideDownload, LucideX],
  host: { '(keydown.arrowLeft)': 'turn(-1)', '(keydown.arrowRight)': 'turn(1)' },
  template: `
    <header>
      <p aria-live="polite">
        <strong>{{ image().name }}</strong>
        <span class="tabular">
          {{ sizeOf(image().bytes) }}{{ images.length > 1 ? ', ' + (index() + 1) + ' of ' + images.length : '' }}
        </span>
      </p>
      @if (images.length > 1) {
        <button type="button" ctButton="quiet" icon aria-label="The image before" (click)="turn(-1)">
          <svg lucideArrowLeft></svg>
        </button>
        <button type="button" ctButton="quiet" icon aria-label="The next image" (click)="turn(1)">
          <svg lucideArrowRight></svg>
        </button>
      }
      <a ctButton="quiet" icon aria-label="Download" title="Download" [href]="image().url" [download]="image().name">
        <svg lucideDownload></svg>
      </a>
      <button type="button" ctButton="quiet" icon data-close aria-label="Close" (click)="dialog.close()">
        <svg lucideX></svg>
      </button>
    </header>
    <img [src]="image().url" [alt]="image().name" [attr.width]="image().width" [attr.height]="image().height" />
  `,
  styleUrl: './lightbox.css',
})
export class Lightbox {
  private readonly content = inject<LightboxContent>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<void, Lightbox>>(DialogRef);

  protected readonly sizeOf = fileSize;
  protected readonly images = this.content.images;
  protected readonly index = signal(this.content.index);
  protected readonly image = computed(() => this.images[this.index()] ?? this.first);
  private get first(): Attachment {
    const [first] = this.images;
    if (!first) {
      throw new Error('A lightbox without images');
    }
    return first;
  }

  protected turn(step: number): void {
    this.index.update((index) => (index + step + this.images.length) % this.images.length);
  }
}
