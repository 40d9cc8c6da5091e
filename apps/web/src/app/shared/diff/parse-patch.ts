/** One line of a unified diff as it is shown. Numbers are those of the old and the new file. */
export interface DiffLine {
  readonly kind: 'hunk' | 'added' | 'removed' | 'context' | 'note';
  readonly oldNumber: number | null;
  readonly newNumber: number | null;
  readonly text: string;
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/;

/** The lines of a unified patch. What git writes before the first hunk (names, modes, index) is left out. */
export function parsePatch(patch: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let oldNumber = 0;
  let newNumber = 0;
  let isInside = false;
  for (const line of patch.replace(/\n$/, '').split('\n')) {
    const hunk = HUNK.exec(line);
    if (hunk) {
      isInside = true;
      oldNumber = Number(hunk[1]);
      newNumber = Number(hunk[2]);
      lines.push({ kind: 'hunk', oldNumber: null, newNumber: null, text: hunk[3] ?? '' });
    } else if (isInside) {
      lines.push(lineWithin(line));
    }
  }
  return lines;

  function lineWithin(line: string): DiffLine {
    const text = line.slice(1);
    switch (line[0]) {
      case '+':
        return { kind: 'added', oldNumber: null, newNumber: newNumber++, text };
      case '-':
        return { kind: 'removed', oldNumber: oldNumber++, newNumber: null, text };
      case '\\':
        return { kind: 'note', oldNumber: null, newNumber: null, text: text.trim() };
      default:
        return { kind: 'context', oldNumber: oldNumber++, newNumber: newNumber++, text };
    }
  }
}
