/** A stretch within a line of speech. */
export type Inline =
  | { readonly kind: 'text' | 'code' | 'here'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly children: readonly Inline[] }
  | LinkInline
  | { readonly kind: 'mention'; readonly text: string; readonly name: string };

export interface LinkInline {
  readonly kind: 'link';
  /** Only ever an http, https or mailto address. */
  readonly href: string;
  /** Where it really leads, if its words do not say so themselves. */
  readonly host: string | null;
  readonly title: string;
  readonly children: readonly Inline[];
}

export interface ListItem {
  /** A task's box; null for an ordinary item. */
  readonly checked: boolean | null;
  readonly children: readonly Block[];
}

export interface TableBlock {
  readonly kind: 'table';
  readonly align: readonly ('left' | 'right' | 'center' | null)[];
  readonly head: readonly (readonly Inline[])[];
  readonly rows: readonly (readonly (readonly Inline[])[])[];
}

/** A paragraph of speech, or something that stands on lines of its own. */
export type Block =
  | { readonly kind: 'paragraph' | 'heading'; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  /** `start`: the number of the first item; null if they are not numbered. */
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly ListItem[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | TableBlock
  | { readonly kind: 'rule' };

/** What was said, without how it was said: for a line about it, and for ears. */
export function plainText(blocks: readonly Block[]): string {
  return blocks
    .map(textOfBlock)
    .filter((text) => text !== '')
    .join('\n');
}

/** The beginning of what was said, in one line. */
export function excerpt(blocks: readonly Block[], most = 140): string {
  const letters = [...plainText(blocks).replace(/\s+/g, ' ').trim()];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : letters.join('');
}

export function textOfInlines(inlines: readonly Inline[]): string {
  return inlines.map((inline) => ('children' in inline ? textOfInlines(inline.children) : inline.text)).join('');
}

function textOfBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return textOfInlines(block.children);
    case 'quote':
      return plainText(block.children);
    case 'list':
      return block.items.map(({ children }) => plainText(children)).join('\n');
    case 'code':
      return block.text;
    case 'table':
      return [block.head, ...block.rows].map((cells) => cells.map(textOfInlines).join(' ')).join('\n');
    case 'rule':
      return '';
  }
}
