/** One emoji as it can be chosen. */
export interface Emoji {
  readonly unicode: string;
  readonly label: string;
  /** Names between colons, the usual one first. */
  readonly shortcodes: readonly string[];
  readonly tags: readonly string[];
  readonly group: number;
}

export interface EmojiGroup {
  readonly label: string;
  readonly icon: string;
  readonly emoji: readonly Emoji[];
}

const ONE_EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');
/** Groups of the data, in the order in which they are shown; the one of skin tones and hair is left out. */
const GROUPS = [
  { id: 0, label: 'Smileys', icon: '😀' },
  { id: 1, label: 'People', icon: '👋' },
  { id: 3, label: 'Nature', icon: '🌿' },
  { id: 4, label: 'Food', icon: '🍎' },
  { id: 5, label: 'Places', icon: '⛵' },
  { id: 6, label: 'Activities', icon: '⚽' },
  { id: 7, label: 'Things', icon: '💡' },
  { id: 8, label: 'Signs', icon: '🔣' },
  { id: 9, label: 'Flags', icon: '🏁' },
];

/** Every emoji, with what people call it. */
export class EmojiList {
  private readonly byUnicode: ReadonlyMap<string, Emoji>;

  constructor(readonly all: readonly Emoji[]) {
    this.byUnicode = new Map(all.map((emoji) => [emoji.unicode, emoji]));
  }

  get(unicode: string): Emoji | null {
    return this.byUnicode.get(unicode) ?? null;
  }

  groups(): EmojiGroup[] {
    return GROUPS.map(({ id, label, icon }) => ({ label, icon, emoji: this.all.filter(({ group }) => group === id) }));
  }

  /** Those that are called so: names that begin so first, then names that contain it, then related words. */
  search(query: string, most: number): Emoji[] {
    const wanted = query.trim().toLowerCase().replaceAll(' ', '_');
    const found = this.all.flatMap((emoji) => {
      const rank = rankOf(emoji, wanted);
      return rank === null ? [] : [{ emoji, rank }];
    });
    return found
      .sort((one, other) => one.rank - other.rank)
      .slice(0, most)
      .map(({ emoji }) => emoji);
  }
}

function rankOf({ shortcodes, label, tags }: Emoji, wanted: string): number | null {
  if (shortcodes.includes(wanted)) {
    return 0;
  }
  if (shortcodes.some((name) => name.startsWith(wanted))) {
    return 1;
  }
  if (shortcodes.some((name) => name.includes(wanted))) {
    return 2;
  }
  const words = [label, ...tags].map((word) => word.toLowerCase().replaceAll(' ', '_'));
  return words.some((word) => word.startsWith(wanted)) ? 3 : null;
}

let loading: Promise<EmojiList> | null = null;

/** Fetches the list when it is first needed. */
export function loadEmoji(): Promise<EmojiList> {
  loading ??= read().catch((thrown: unknown) => {
    loading = null;
    throw thrown;
  });
  return loading;
}

async function read(): Promise<EmojiList> {
  const [{ default: data }, { default: names }] = await Promise.all([
    import('emojibase-data/en/compact.json', { with: { type: 'json' } }),
    import('emojibase-data/en/shortcodes/github.json', { with: { type: 'json' } }),
  ]);
  return new EmojiList(
    data
      .flatMap(({ unicode, hexcode, label, tags = [], group, order = 0 }) => {
        const shown = [unicode, unicode.replace(/\uFE0F$/, '')].find((one) => ONE_EMOJI.test(one));
        const named = names[hexcode] ?? label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
        return shown !== undefined && group !== undefined
          ? [{ unicode: shown, label, tags, group, order, shortcodes: typeof named === 'string' ? [named] : named }]
          : [];
      })
      .sort((one, other) => one.order - other.order),
  );
}
