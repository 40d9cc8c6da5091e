const UNITS = [
  { seconds: 86_400, name: 'day' },
  { seconds: 3600, name: 'hour' },
  { seconds: 60, name: 'minute' },
  { seconds: 1, name: 'second' },
] as const;

/** A length of time as people say it: "30 seconds", "1 hour", "1 minute 30 seconds". */
export function inWords(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.seconds);
    rest -= count * unit.seconds;
    if (count > 0) {
      parts.push(`${count} ${unit.name}${count === 1 ? '' : 's'}`);
    }
  }
  return parts.join(' ') || '0 seconds';
}
