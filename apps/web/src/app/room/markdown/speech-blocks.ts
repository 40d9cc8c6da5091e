import type {
  BlockContent,
  DefinitionContent,
  ListItem as ListItemNode,
  PhrasingContent,
  RootContent,
  Table,
} from 'mdast';
import { linkTo } from './link-target';
import { type Called, withMentions } from './mentions';
import type { Block, Inline, ListItem, TableBlock } from './speech-tree';
import { parse, restored } from './syntax';

/** Deeper than this, markup is shown as it was written. */
export const MAX_DEPTH = 8;

/** Quotes and lists within each other at the beginning of one line: `> - > 1. …`. The parser's work grows with its square. */
const TOO_NESTED = new RegExp(`^(?:[ \\t]*(?:>|[-+*](?=[ \\t])|\\d{1,9}[.)](?=[ \\t]))[ \\t]*){${MAX_DEPTH + 1}}`, 'm');

const NOBODY: Called = { names: [], here: false };

/** What was said, in parts that can be shown. Whatever is written, nothing of it is lost and none of it is markup for the browser. */
export function speechBlocks(text: string, called: Called = NOBODY): Block[] {
  return TOO_NESTED.test(text)
    ? [{ kind: 'paragraph', children: withMentions(text, called) }]
    : new Reader(text, called).blocks(parse(text).children, 0);
}

type Node = RootContent | BlockContent | DefinitionContent;

/** Reads the parser's tree of one text. */
class Reader {
  constructor(
    private readonly source: string,
    private readonly called: Called,
  ) {}

  blocks(nodes: readonly Node[], depth: number): Block[] {
    return nodes.map((node) => this.block(node, depth));
  }

  private block(node: Node, depth: number): Block {
    if (depth > MAX_DEPTH) {
      return this.asWritten(node);
    }
    switch (node.type) {
      case 'paragraph':
      case 'heading':
        return { kind: node.type, children: this.inlines(node.children, depth) };
      case 'blockquote':
        return { kind: 'quote', children: this.blocks(node.children, depth + 1) };
      case 'list': {
        const items = node.children.map((item) => this.item(item, depth + 1));
        return { kind: 'list', start: node.ordered ? (node.start ?? 1) : null, items };
      }
      case 'code':
        return {
          kind: 'code',
          language: restored([node.lang, node.meta].join(' ')).trim(),
          text: restored(node.value),
        };
      case 'table':
        return this.table(node, depth + 1);
      case 'thematicBreak':
        return { kind: 'rule' };
      default:
        return this.asWritten(node);
    }
  }

  private item({ checked, children }: ListItemNode, depth: number): ListItem {
    return { checked: checked ?? null, children: this.blocks(children, depth) };
  }

  private table({ align, children }: Table, depth: number): TableBlock {
    const [head = [], ...rows] = children.map((row) => row.children.map((cell) => this.inlines(cell.children, depth)));
    return { kind: 'table', align: align ?? [], head, rows };
  }

  private inlines(nodes: readonly PhrasingContent[], depth: number): Inline[] {
    return nodes.flatMap((node) => this.inline(node, depth));
  }

  private inline(node: PhrasingContent, depth: number): Inline[] {
    if (depth > MAX_DEPTH) {
      return [this.written(node)];
    }
    switch (node.type) {
      case 'text':
        return withMentions(restored(node.value), this.called);
      case 'break':
        return [{ kind: 'text', text: '\n' }];
      case 'inlineCode':
        return [{ kind: 'code', text: restored(node.value) }];
      case 'strong':
      case 'emphasis':
        return [{ kind: node.type, children: this.inlines(node.children, depth + 1) }];
      case 'delete':
        return [{ kind: 'strike', children: this.inlines(node.children, depth + 1) }];
      case 'link': {
        const link = linkTo(restored(node.url), restored(node.title ?? ''), this.inlines(node.children, depth + 1));
        return [link ?? this.written(node)];
      }
      case 'image': {
        // Never loaded: whoever wrote the address would learn who reads here.
        const words = restored(node.alt || node.url);
        const link = linkTo(restored(node.url), restored(node.title ?? ''), [{ kind: 'text', text: words }]);
        return [link ?? this.written(node)];
      }
      default:
        return [this.written(node)];
    }
  }

  private asWritten(node: Node): Block {
    return { kind: 'paragraph', children: [this.written(node)] };
  }

  private written({ position }: Node | PhrasingContent): Inline {
    return { kind: 'text', text: this.source.slice(position?.start.offset, position?.end.offset) };
  }
}
