const MAX_LENGTH = 120;
const NAMELESS = 'file';

/** Control characters, and those that turn the direction of a text so that `gpj.exe` reads as `exe.jpg`. */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A name that people can read and every file system can keep, from a percent-encoded one that somebody chose. */
export function fileNameOf(encoded: string | undefined): string {
  const name = decoded(encoded ?? '')
    .normalize('NFC')
    .replace(DECEPTIVE, '')
    .replace(/^.*[/\\]/s, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return shortened(name) || NAMELESS;
}

/** The name with the ending of the format that the file really has. */
export function withEnding(name: string, ending: string): string {
  const stem = name.replace(/\.[A-Za-z0-9]{1,5}$/, '');
  return `${stem || NAMELESS}.${ending}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Cut in the middle of a long name, so that its ending stays. */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= MAX_LENGTH) {
    return name;
  }
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  return letters.slice(0, MAX_LENGTH - ending.length).join('') + ending;
}
