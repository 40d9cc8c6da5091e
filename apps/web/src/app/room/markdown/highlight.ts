/** How a stretch of code is shown. */
export type TokenTone = 'keyword' | 'string' | 'number' | 'comment' | 'name' | 'added' | 'removed' | '';

export interface Token {
  readonly tone: TokenTone;
  readonly text: string;
}

const TONES: { readonly [Scope in string]: TokenTone } = {
  keyword: 'keyword',
  built_in: 'keyword',
  type: 'keyword',
  literal: 'keyword',
  operator: '',
  'selector-tag': 'keyword',
  string: 'string',
  regexp: 'string',
  symbol: 'string',
  link: 'string',
  number: 'number',
  variable: 'number',
  'template-variable': 'number',
  comment: 'comment',
  doctag: 'comment',
  quote: 'comment',
  meta: 'comment',
  title: 'name',
  name: 'name',
  section: 'name',
  attr: 'name',
  attribute: 'name',
  property: 'name',
  'selector-class': 'name',
  'selector-id': 'name',
  addition: 'added',
  deletion: 'removed',
};

/** Collects what the highlighter finds as a flat list, instead of the HTML that it would make of it. */
class TokenCollector {
  readonly tokens: Token[] = [];
  private readonly tones: TokenTone[] = [];

  addText(text: string): void {
    const tone = this.tones.at(-1) ?? '';
    const last = this.tokens.at(-1);
    if (last?.tone === tone) {
      this.tokens[this.tokens.length - 1] = { tone, text: last.text + text };
    } else if (text !== '') {
      this.tokens.push({ tone, text });
    }
  }

  startScope(scope: string): void {
    this.tones.push(TONES[scope.split('.', 1)[0] ?? ''] ?? this.tones.at(-1) ?? '');
  }

  endScope(): void {
    this.tones.pop();
  }

  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  __addSublanguage({ tokens }: TokenCollector): void {
    tokens.forEach(({ tone, text }) => this.tokens.push({ tone, text }));
  }

  finalize(): void {
    this.tones.length = 0;
  }

  toHTML(): string {
    return '';
  }
}

/** The code in coloured stretches; null if the language is not known. The highlighter is fetched when code is first shown. */
export async function highlight(code: string, language: string): Promise<readonly Token[] | null> {
  const { default: highlighter } = await import('highlight.js/lib/common');
  if (!highlighter.getLanguage(language)) {
    return null;
  }
  highlighter.configure({ __emitter: TokenCollector });
  const { _emitter } = highlighter.highlight(code, { language, ignoreIllegals: true });
  return (_emitter as unknown as TokenCollector).tokens;
}
