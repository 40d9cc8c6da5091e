export type Edge = 'top' | 'bottom';

/** Keeps what the reader looks at where it is on screen while rows come and go around it. */
export class ScrollAnchor {
  private anchor: { readonly key: string; readonly edge: Edge; readonly at: number } | null = null;

  constructor(
    private readonly scroller: HTMLElement,
    private readonly content: HTMLElement,
  ) {}

  /** The lower edge by default: when older rows arrive, the topmost one may lose its author's name, and shrink. */
  remember(edge: Edge = 'bottom'): void {
    const row = this.rows().find((element) => this.placeOf(element, 'bottom') > 0);
    this.anchor = row ? { key: row.dataset['key'] ?? '', edge, at: this.placeOf(row, edge) } : null;
  }

  restore(): void {
    const row = this.anchor && this.row(this.anchor.key);
    if (row && this.anchor) {
      this.scroller.scrollTop += this.placeOf(row, this.anchor.edge) - this.anchor.at;
    }
  }

  row(key: string): HTMLElement | null {
    return this.rows().find(({ dataset }) => dataset['key'] === key) ?? null;
  }

  /** True if the element is on screen. */
  isSeen(element: Element): boolean {
    const { top, bottom } = element.getBoundingClientRect();
    const frame = this.scroller.getBoundingClientRect();
    return bottom > frame.top && top < frame.bottom;
  }

  /** All but the labels of days, which move to the beginning of their day when more of it is read. */
  private rows(): HTMLElement[] {
    return [...this.content.querySelectorAll<HTMLElement>(':scope > [data-key]:not(ct-day-label)')];
  }

  private placeOf(row: HTMLElement, edge: Edge): number {
    return row.getBoundingClientRect()[edge] - this.scroller.getBoundingClientRect().top;
  }
}
