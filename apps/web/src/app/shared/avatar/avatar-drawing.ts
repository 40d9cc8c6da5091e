const CENTRE = 20;

/** A regular hexagon standing on a corner, around the centre of a 40 × 40 drawing. */
export function hexagon(radius: number): string {
  return `M${corners(radius).join('L')}Z`;
}

/** The six triangles of such a hexagon, clockwise from the top. */
export function wedges(radius: number): string[] {
  const points = corners(radius);
  return points.map((point, index) => `M${CENTRE} ${CENTRE}L${point}L${points[(index + 1) % 6]}Z`);
}

/** One or two letters that stand for a name: of its first two words, or the first two of its only one. */
export function initialsOf(name: string): string {
  const [first, second] = name.split(/[\s_-]+/).filter(Boolean);
  const letters = second
    ? [...(first ?? '')].slice(0, 1).concat([...second].slice(0, 1))
    : [...(first ?? '?')].slice(0, 2);
  return letters.join('').toUpperCase();
}

/** A pattern that belongs to a name: how strongly each of the six wedges is tinted, mirrored left and right. */
export function shadesOf(name: string): [number, number, number, number, number, number] {
  const hash = hashOf(name.toLowerCase());
  const shade = (bits: number) => 0.12 + ((hash >>> bits) & 3) * 0.14;
  const [top, side, bottom] = [shade(0), shade(2), shade(4)];
  return [top, side, bottom, bottom, side, top];
}

function corners(radius: number): string[] {
  return Array.from({ length: 6 }, (_, corner) => {
    const angle = (Math.PI / 3) * corner - Math.PI / 2;
    return `${(CENTRE + radius * Math.cos(angle)).toFixed(2)} ${(CENTRE + radius * Math.sin(angle)).toFixed(2)}`;
  });
}

/** FNV-1a, 32 bits, stirred once more so that short names differ in their low bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}
