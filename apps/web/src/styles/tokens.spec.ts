type Theme = 'light' | 'dark';

// The client imports nothing from Node; its tests run there all the same.
const css = process.getBuiltinModule('fs').readFileSync(`${import.meta.dirname}/tokens.css`, 'utf8');
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(([, name, light, dark]) => [
    name as string,
    { light: light as string, dark: dark as string },
  ]),
);

function colour(name: string, theme: Theme): string {
  const found = colours.get(name);
  if (!found) {
    throw new Error(`tokens.css has no colour --${name}`);
  }
  return found[theme];
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

const GROUNDS = ['ground', 'surface', 'raised', 'hover', 'sunken'];
const HUES = ['coral', 'teal', 'violet', 'amber', 'danger', 'good'];

const TEXT: [string, string][] = [
  ...['ink', 'ink-soft', 'ink-faint', ...HUES].flatMap((ink) =>
    GROUNDS.map((ground): [string, string] => [ink, ground]),
  ),
  ...HUES.flatMap((hue): [string, string][] => [
    [hue, `${hue}-tint`],
    ['ink', `${hue}-tint`],
    ['ink-soft', `${hue}-tint`],
  ]),
  ['on-coral', 'coral-fill'],
  ['on-coral', 'coral-fill-hover'],
  ['on-danger', 'danger-fill'],
  ['ink', 'selection'],
  ...['person-0', 'person-1', 'person-2', 'person-3'].map((ground): [string, string] => ['ink', ground]),
];

const CONTROLS: [string, string][] = [
  ...GROUNDS.map((ground): [string, string] => ['control-line', ground]),
  ...GROUNDS.map((ground): [string, string] => ['focus', ground]),
  ...['ground', 'surface', 'raised'].flatMap((ground): [string, string][] => [
    ['coral-fill', ground],
    ['danger-fill', ground],
    ['glass', ground],
  ]),
];

describe.each<Theme>(['light', 'dark'])('the %s theme', (theme) => {
  it.each(TEXT)('lets %s be read on %s', (ink, ground) => {
    expect(contrast(colour(ink, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(CONTROLS)('shows %s against %s', (line, ground) => {
    expect(contrast(colour(line, theme), colour(ground, theme))).toBeGreaterThanOrEqual(3);
  });
});
