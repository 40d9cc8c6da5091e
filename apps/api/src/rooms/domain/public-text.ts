const MASKS: readonly (readonly [RegExp, string])[] = [
  // Credentials, by the prefixes that their makers gave them
  [/\b(?:cta|ctp)_[A-Za-z0-9_-]{16,}/g, '[secret]'],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,})/g, '[secret]'],
  [/\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}/g, '[secret]'],
  [/\bAKIA[0-9A-Z]{16}\b/g, '[secret]'],
  [/\bxox[abprs]-[\w-]{10,}/g, '[secret]'],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g, '[secret]'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[secret]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/:@]+:[^\s/@]+@/gi, '$1[secret]@'],
  // People
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g, '[e-mail]'],
  [/(\/(?:Users|home)\/)[^/\s]+/g, '$1[USER]'],
  [/([A-Za-z]:\\Users\\)[^\\\s]+/g, '$1[USER]'],
];

/** A text as strangers may read it: credentials, e-mail addresses and names of home folders are masked. */
export function publicText(text: string): string {
  return MASKS.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text);
}
