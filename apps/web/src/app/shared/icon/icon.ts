import { Directive, ElementRef, Renderer2, inject, input, type OnInit } from '@angular/core';
import type { IconNode } from 'lucide';

const USUAL_SIZE = 18; // px

/** A drawing of Lucide's in an `<svg>`, for the eye alone: what it means is said in words beside it. `size` is in pixels. */
@Directive({
  host: {
    viewBox: '0 0 24 24',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.75',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
    '[attr.width]': 'size()',
    '[attr.height]': 'size()',
  },
})
export abstract class Icon implements OnInit {
  readonly size = input(USUAL_SIZE);

  protected abstract readonly drawing: IconNode;

  private readonly svg = inject<ElementRef<SVGElement>>(ElementRef).nativeElement;
  private readonly renderer = inject(Renderer2);

  ngOnInit(): void {
    for (const [tag, attributes] of this.drawing) {
      const shape: unknown = this.renderer.createElement(tag, 'svg');
      for (const [name, value] of Object.entries(attributes)) {
        this.renderer.setAttribute(shape, name, String(value));
      }
      this.renderer.appendChild(this.svg, shape);
    }
  }
}
