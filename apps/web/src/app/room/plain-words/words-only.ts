/** What is no sentence of its writer: code, quotations, addresses, paths, file names, versions, names and numbers of issues. */
const NOT_SAID = [
  /```[\s\S]*?(?:```|$)/g,
  /`[^`\n]*`/g,
  /^[ \t]*>.*$/gm,
  /\bhttps?:\/\/\S+/gi,
  /(?<![\w.])[@#][\w-]+/g,
  /\bv?\d+(?:\.\d+){2,}(?:-[\w.]+)?(?![\w/])/gi,
  /\b(?:v|version\s+|release\s+|node\s+)\d+(?:\.\d+)*\b/gi,
  /(?<=^|[\s("'])(?:[\w@.-]*\/)+[\w.-]*[a-z_][\w.-]*/gi,
  /\b[\w-]+\.(?:[cm]?[jt]sx?|css|html?|json|ya?ml|md|py|rb|go|rs|java|sh|sql|toml|lock|png|svg)\b/gi,
];

/** The text as long as it was, with blanks in place of what is not its writer's sentence. */
export function wordsOnly(text: string): string {
  return NOT_SAID.reduce((rest, pattern) => rest.replace(pattern, (part) => part.replace(/[^\n]/g, ' ')), text);
}
