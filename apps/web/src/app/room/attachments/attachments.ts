import { Dialog } from '@angular/cdk/dialog';
import { Component, computed, inject, input } from '@angular/core';
import type { Attachment } from '@clawtank/contracts';
import { LucideDownload, LucideFile } from '../../shared/icon/icons';
import { fileSize } from './file-size';
import { Lightbox, type LightboxContent } from './lightbox';

/** No image takes more of the conversation than this. */
const MOST_WIDE = 400;
const MOST_HIGH = 280;

/** The files of a message: images in their place before they have loaded, everything else to be downloaded. */
@Component({
  selector: 'ct-attachments',
  imports: [LucideDownload, LucideFile],
  template: `
    @if (images().length > 0) {
      <ul class="images">
        @for (image of images(); track image.id; let index = $index) {
          <li>
            <button type="button" [attr.aria-label]="'Show ' + image.name" [title]="image.name" (click)="show(index)">
              <img
                [src]="image.url"
                [alt]="image.name"
                [width]="image.wide"
                [height]="image.high"
                loading="lazy"
                decoding="async"
              />
            </button>
          </li>
        }
      </ul>
    }
    @for (file of files(); track file.id) {
      <a class="file" [href]="file.url" [download]="file.name" rel="noopener">
        <svg lucideFile [size]="20" aria-hidden="true"></svg>
        <span class="name">{{ file.name }}</span>
        <span class="size tabular">{{ sizeOf(file.bytes) }}</span>
        <svg lucideDownload [size]="16" aria-hidden="true"></svg>
        <span class="visually-hidden">Download</span>
      </a>
    }
  `,
  styleUrl: './attachments.css',
})
export class Attachments {
  private readonly dialog = inject(Dialog);

  readonly attachments = input.required<readonly Attachment[]>();

  protected readonly sizeOf = fileSize;
  protected readonly images = computed(() =>
    this.attachments()
      .filter(({ kind }) => kind === 'image')
      .map((image) => ({ ...image, ...shownSize(image) })),
  );
  protected readonly files = computed(() => this.attachments().filter(({ kind }) => kind === 'file'));

  protected show(index: number): void {
    this.dialog.open<void, LightboxContent>(Lightbox, {
      data: { images: this.images(), index },
      ariaLabel: 'Images of the message',
      backdropClass: 'ct-scrim',
      autoFocus: '[data-close]',
    });
  }
}

/** As large as it is, at most; never out of shape. */
function shownSize({ width, height }: Attachment): { wide: number; high: number } {
  if (!width || !height) {
    return { wide: MOST_WIDE, high: MOST_HIGH };
  }
  const scale = Math.min(1, MOST_WIDE / width, MOST_HIGH / height);
  return { wide: Math.max(Math.round(width * scale), 1), high: Math.max(Math.round(height * scale), 1) };
}
