import { DestroyRef, Directive, ElementRef, afterNextRender, inject, output } from '@angular/core';

/** How long before it comes into view something counts as seen, so that what follows is there in time. */
const AHEAD = '600px';

/** Tells whenever its element comes into view: the end of a list that goes on. */
@Directive({ selector: '[ctWhenSeen]' })
export class WhenSeen {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  readonly ctWhenSeen = output();

  constructor() {
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const observer = new IntersectionObserver(
        (entries) => {
          if (entries.some(({ isIntersecting }) => isIntersecting)) {
            this.ctWhenSeen.emit();
          }
        },
        { root: scrollerOf(this.element), rootMargin: AHEAD },
      );
      observer.observe(this.element);
      destroyed.onDestroy(() => observer.disconnect());
    });
  }
}

/** What scrolls the element; the margin ahead only counts against it. */
function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) {
      return at;
    }
  }
  return null;
}
