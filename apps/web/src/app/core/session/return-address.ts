/** Where to go after signing in: an address of this site, whatever the link said. */
export function returnAddress(asked: string | null | undefined): string {
  return asked && /^\/(?![/\\])/.test(asked) ? asked : '/';
}
