/** How well what was typed fits a name: the more, the better; null if its letters are not in there in this order. */
export function fits(typed: string, name: string): number | null {
  const wanted = typed.toLowerCase().replace(/\s+/g, '');
  const letters = name.toLowerCase();
  if (wanted === '') {
    return 0;
  }
  const whole = letters.indexOf(typed.trim().toLowerCase());
  if (whole !== -1) {
    return 1000 - whole - letters.length / 100 + (isWordStart(letters, whole) ? 500 : 0);
  }
  let score = 0;
  let from = 0;
  for (const letter of wanted) {
    const found = letters.indexOf(letter, from);
    if (found === -1) {
      return null;
    }
    score += (found === from ? 2 : 0) + (isWordStart(letters, found) ? 4 : 0);
    from = found + 1;
  }
  return score - letters.length / 100;
}

const isWordStart = (text: string, index: number): boolean =>
  index === 0 || !/[\p{L}\p{N}]/u.test(text[index - 1] ?? '');
