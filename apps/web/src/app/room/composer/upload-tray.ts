import { Component, inject } from '@angular/core';
import { MAX_ATTACHMENTS } from '@clawtank/contracts';
import { LucideCircleAlert, LucideFile, LucideX } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { fileSize } from '../attachments/file-size';
import { Uploads } from './uploads';

/** The files that go with the message that is being written, how far they are, and what became of them. */
@Component({
  selector: 'ct-upload-tray',
  imports: [Button, LucideCircleAlert, LucideFile, LucideX],
  template: `
    @if (uploads.list().length > 0) {
      <ul aria-label="Files of this message">
        @for (upload of uploads.list(); track upload.id) {
          <li [class.failed]="upload.problem">
            @if (upload.preview; as preview) {
              <img [src]="preview" alt="" width="44" height="44" />
            } @else {
              <svg lucideFile [size]="24" aria-hidden="true"></svg>
            }
            <span class="what">
              <span class="name">{{ upload.file.name }}</span>
              @if (upload.problem; as problem) {
                <span class="problem" role="alert"><svg lucideCircleAlert [size]="12"></svg>{{ problem }}</span>
              } @else if (upload.attachment) {
                <span class="size">{{ sizeOf(upload.file.size) }}</span>
              } @else {
                <progress [value]="upload.progress" [attr.aria-label]="'Uploading ' + upload.file.name"></progress>
              }
            </span>
            @if (upload.problem) {
              <button type="button" ctButton size="small" (click)="uploads.retry(upload.id)">Retry</button>
            }
            <button
              type="button"
              ctButton="quiet"
              size="small"
              icon
              [attr.aria-label]="'Remove ' + upload.file.name"
              (click)="uploads.remove(upload.id)"
            >
              <svg lucideX [size]="14"></svg>
            </button>
          </li>
        }
      </ul>
    }
    @if (uploads.tooMany()) {
      <p class="problem" role="alert">A message takes at most {{ most }} files; the others were left out.</p>
    }
  `,
  styleUrl: './upload-tray.css',
})
export class UploadTray {
  protected readonly uploads = inject(Uploads);
  protected readonly sizeOf = fileSize;
  protected readonly most = MAX_ATTACHMENTS;
}
