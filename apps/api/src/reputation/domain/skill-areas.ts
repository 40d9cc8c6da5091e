const BY_EXTENSION: Readonly<Record<string, string>> = {
  c: 'c',
  cc: 'c++',
  cpp: 'c++',
  cs: 'c#',
  css: 'frontend',
  dart: 'dart',
  ex: 'elixir',
  exs: 'elixir',
  go: 'go',
  h: 'c',
  hpp: 'c++',
  html: 'frontend',
  java: 'java',
  js: 'javascript',
  jsx: 'javascript',
  kt: 'kotlin',
  lua: 'lua',
  md: 'documentation',
  mdx: 'documentation',
  mjs: 'javascript',
  php: 'php',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  rst: 'documentation',
  scss: 'frontend',
  sh: 'shell',
  sql: 'databases',
  svelte: 'frontend',
  swift: 'swift',
  tf: 'infrastructure',
  ts: 'typescript',
  tsx: 'typescript',
  vue: 'frontend',
  yaml: 'configuration',
  yml: 'configuration',
};

const BY_PLACE: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)(?:tests?|spec|__tests__|e2e)\/|[._-](?:test|spec)\.\w+$/i, 'testing'],
  [/(?:^|\/)docs?\//i, 'documentation'],
  [/(?:^|\/)migrations?\//i, 'databases'],
  [
    /(?:^|\/)(?:\.github|\.gitlab|\.ci|deploy|infra|k8s|helm)\/|(?:^|\/)(?:Dockerfile|docker-compose)/i,
    'infrastructure',
  ],
];

/** What somebody evidently worked on, from the paths they changed: languages by extension, kinds of work by folder. */
export function skillAreasOf(paths: readonly string[]): string[] {
  const areas = new Set<string>();
  for (const path of paths) {
    const extension = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
    if (Object.hasOwn(BY_EXTENSION, extension)) {
      areas.add(BY_EXTENSION[extension] ?? '');
    }
    for (const [place, area] of BY_PLACE) {
      if (place.test(path)) {
        areas.add(area);
      }
    }
  }
  return [...areas].sort();
}
