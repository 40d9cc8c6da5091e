import { HttpEventType } from '@angular/common/http';
import { DestroyRef, Service, computed, inject, signal } from '@angular/core';
import { type Attachment, MAX_ATTACHMENTS, MAX_ATTACHMENT_BYTES } from '@clawtank/contracts';
import type { Subscription } from 'rxjs';
import { toApiProblem } from '../../core/problem/api-problem';
import { fileSize } from '../attachments/file-size';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';

/** A file on its way to the next message. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  /** A picture of it, for images. */
  readonly preview: string | null;
  /** From 0 to 1. */
  readonly progress: number;
  readonly attachment: Attachment | null;
  readonly problem: string;
}

/** The files of the message that is being written: uploaded as soon as they are there, and sent with it. */
@Service({ autoProvided: false })
export class Uploads {
  private readonly api = inject(RoomApi);
  private readonly store = inject(RoomStore);
  private readonly files = signal<readonly Upload[]>([]);
  private readonly running = new Map<number, Subscription>();
  private nextId = 1;

  readonly list = this.files.asReadonly();
  /** More files were added than a message takes. */
  readonly tooMany = signal(false);
  readonly isBusy = computed(() =>
    this.files().some(({ attachment, problem }) => attachment === null && problem === ''),
  );
  readonly hasProblem = computed(() => this.files().some(({ problem }) => problem !== ''));
  readonly attachments = computed(() => this.files().flatMap(({ attachment }) => attachment ?? []));

  constructor() {
    inject(DestroyRef).onDestroy(() => this.running.forEach((upload) => upload.unsubscribe()));
  }

  add(files: readonly File[]): void {
    const free = MAX_ATTACHMENTS - this.files().length;
    this.tooMany.set(files.length > free);
    for (const file of files.slice(0, free)) {
      const upload: Upload = { id: this.nextId++, file, preview: null, progress: 0, attachment: null, problem: '' };
      this.files.update((list) => [...list, upload]);
      if (file.size > MAX_ATTACHMENT_BYTES) {
        this.change(upload.id, {
          problem: `It has ${fileSize(file.size)}; at most ${fileSize(MAX_ATTACHMENT_BYTES)} can be sent.`,
        });
      } else {
        this.start(upload);
      }
      if (file.type.startsWith('image/')) {
        void this.draw(upload);
      }
    }
  }

  retry(id: number): void {
    const upload = this.files().find((one) => one.id === id);
    if (upload) {
      this.change(id, { problem: '', progress: 0 });
      this.start(upload);
    }
  }

  remove(id: number): void {
    this.running.get(id)?.unsubscribe();
    this.running.delete(id);
    this.tooMany.set(false);
    this.files.update((list) => list.filter((one) => one.id !== id));
  }

  /** They were sent. */
  clear(): void {
    this.tooMany.set(false);
    this.files.set([]);
  }

  private start({ id, file }: Upload): void {
    const upload = this.api.upload(this.store.roomId(), file).subscribe({
      next: (event) => {
        if (event.type === HttpEventType.UploadProgress) {
          this.change(id, { progress: event.loaded / Math.max(event.total ?? file.size, 1) });
        } else if (event.type === HttpEventType.Response) {
          this.change(id, { progress: 1, attachment: event.body });
        }
      },
      error: (thrown) => this.change(id, { problem: toApiProblem(thrown).detail }),
    });
    this.running.set(id, upload);
  }

  /** As a data address: the page's security policy shows no other images that were not on the server. */
  private async draw({ id, file }: Upload): Promise<void> {
    const reader = new FileReader();
    const read = new Promise<string | null>((resolve) => {
      reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : null);
      reader.onerror = () => resolve(null);
    });
    reader.readAsDataURL(file);
    this.change(id, { preview: await read });
  }

  private change(id: number, change: Partial<Upload>): void {
    this.files.update((list) => list.map((one) => (one.id === id ? { ...one, ...change } : one)));
  }
}
