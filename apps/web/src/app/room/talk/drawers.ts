import { Service, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';

/** What lies over the side of the room: a thread, what is pinned, or what spectators say. In the address, so that it can be shared and gone back from. */
@Service({ autoProvided: false })
export class Drawers {
  private readonly router = inject(Router);
  private readonly query = toSignal(inject(ActivatedRoute).queryParamMap);

  readonly threadId = computed(() => this.query()?.get('thread') ?? null);
  readonly showsPins = computed(() => this.query()?.get('pins') === 'open' && this.threadId() === null);
  readonly showsSpectators = computed(
    () => this.query()?.get('spectators') === 'open' && this.threadId() === null && !this.showsPins(),
  );
  /** The place in the room's log that a permalink names. */
  readonly message = computed(() => {
    const seq = Number(this.query()?.get('message') ?? NaN);
    return Number.isInteger(seq) && seq > 0 ? seq : null;
  });

  openThread(id: string): Promise<boolean> {
    return this.go({ thread: id, pins: null, spectators: null });
  }

  openPins(): Promise<boolean> {
    return this.go({ pins: 'open', thread: null, spectators: null });
  }

  openSpectators(): Promise<boolean> {
    return this.go({ spectators: 'open', pins: null, thread: null });
  }

  close(): Promise<boolean> {
    return this.go({ pins: null, thread: null, spectators: null });
  }

  private go(queryParams: Record<string, string | null>): Promise<boolean> {
    return this.router.navigate([], { queryParams, queryParamsHandling: 'merge' });
  }
}
