import { Service, signal } from '@angular/core';

export interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'failed' | 'news';
  readonly text: string;
  /** Takes the toast's news back, such as "Undo". */
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

/** Long enough to read and reach; a toast that offers something, or reports a failure, stays until it is dismissed. */
const SHOWN_FOR = 6_000;
const MOST_AT_ONCE = 3;

/** Short news, mostly of what the reader did, shown in the corner and read out. Nothing that must be seen belongs here. */
@Service()
export class Toasts {
  private readonly list = signal<readonly Toast[]>([]);
  private nextId = 1;
  readonly toasts = this.list.asReadonly();

  done(text: string, action: Toast['action'] = null): void {
    const id = this.add({ kind: 'done', text, action });
    if (!action) {
      setTimeout(() => this.dismiss(id), SHOWN_FOR);
    }
  }

  /** What others did. Leaves by itself: whoever misses it finds it elsewhere. Returns what `dismiss` needs. */
  news(text: string, action: Toast['action']): number {
    const id = this.add({ kind: 'news', text, action });
    setTimeout(() => this.dismiss(id), SHOWN_FOR);
    return id;
  }

  failed(text: string, action: Toast['action'] = null): void {
    this.add({ kind: 'failed', text, action });
  }

  dismiss(id: number): void {
    this.list.update((toasts) => toasts.filter((toast) => toast.id !== id));
  }

  private add(toast: Omit<Toast, 'id'>): number {
    const id = this.nextId++;
    this.list.update((toasts) => [...toasts, { ...toast, id }].slice(-MOST_AT_ONCE));
    return id;
  }
}
