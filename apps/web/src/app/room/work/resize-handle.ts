import { DOCUMENT, Component, inject, model } from '@angular/core';

const STEP = 24;
const NARROWEST = 300;
const WIDEST = 900;
const KEY = 'clawtank.room.work-width';
const USUAL = 400;

/** The width of the work panel that was chosen on this device, or the usual one. */
export function keptWidth(document: Document): number {
  try {
    return bounded(Number(document.defaultView?.localStorage.getItem(KEY) ?? USUAL) || USUAL);
  } catch {
    return USUAL;
  }
}

const bounded = (width: number): number => Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));

/** Between the conversation and the work: dragged, or moved with the arrow keys, it shares the width between them. */
@Component({
  selector: 'ct-resize-handle',
  host: {
    role: 'separator',
    tabindex: '0',
    'aria-orientation': 'vertical',
    'aria-label': 'Width of the work panel',
    'aria-valuemin': '300',
    'aria-valuemax': '900',
    '[attr.aria-valuenow]': 'width()',
    '(pointerdown)': 'grab($event)',
    '(pointermove)': 'drag($event)',
    '(pointerup)': 'drop()',
    '(pointercancel)': 'drop()',
    '(keydown)': 'move($event)',
    '(dblclick)': 'resize(usual)',
  },
  template: '',
  styles: `
    :host {
      position: relative;
      z-index: 1;
      width: 1px;
      background: var(--line);
      cursor: col-resize;
      touch-action: none;
    }

    :host::after {
      content: '';
      position: absolute;
      inset: 0 -4px;
    }

    :host(:hover)::after,
    :host(:active)::after {
      background: linear-gradient(var(--control-line), var(--control-line)) center / 2px 100% no-repeat;
    }

    :host(:focus-visible) {
      outline-offset: 2px;
    }
  `,
})
export class ResizeHandle {
  private readonly document = inject(DOCUMENT);
  private grabbed: { readonly x: number; readonly width: number } | null = null;

  readonly width = model.required<number>();
  protected readonly usual = USUAL;

  protected grab(event: PointerEvent): void {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.grabbed = { x: event.clientX, width: this.width() };
    event.preventDefault();
  }

  protected drag({ clientX }: PointerEvent): void {
    if (this.grabbed) {
      this.width.set(bounded(this.grabbed.width + this.grabbed.x - clientX));
    }
  }

  protected drop(): void {
    if (this.grabbed) {
      this.grabbed = null;
      this.keep();
    }
  }

  protected move(event: KeyboardEvent): void {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      this.resize(this.width() + by);
    }
  }

  protected resize(width: number): void {
    this.width.set(bounded(width));
    this.keep();
  }

  private keep(): void {
    try {
      this.document.defaultView?.localStorage.setItem(KEY, String(this.width()));
    } catch {
      // Storage is full or blocked: the width holds until the page is closed.
    }
  }
}
