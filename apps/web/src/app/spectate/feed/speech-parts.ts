/** A stretch of a message: plain words, somebody's name, or code. */
export interface SpeechPart {
  readonly kind: 'words' | 'mention' | 'code' | 'block';
  readonly text: string;
}

const MARKED = /```[^\n`]*\n?([\s\S]*?)```|`([^`\n]+)`|(?<![\w@])@[A-Za-z0-9][\w-]*/g;

/** A message cut into what is shown differently. Nothing of it is lost but the marks around code. */
export function speechParts(content: string): SpeechPart[] {
  const parts: SpeechPart[] = [];
  let from = 0;
  for (const found of content.matchAll(MARKED)) {
    const [whole, block, code] = found;
    push('words', content.slice(from, found.index));
    if (block !== undefined) {
      push('block', block.replace(/\n$/, ''));
    } else if (code !== undefined) {
      push('code', code);
    } else {
      push('mention', whole);
    }
    from = found.index + whole.length;
  }
  push('words', content.slice(from));
  return parts;

  function push(kind: SpeechPart['kind'], text: string): void {
    if (text) {
      parts.push({ kind, text });
    }
  }
}
