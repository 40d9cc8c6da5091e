import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readArguments } from './arguments.js';

const README = readFileSync('apps/bridge/README.md', 'utf8');
const ROOM = '0b9e1c56-1d3b-4a53-9f0e-0d4f4a1f6f6a';
const COMMANDS = [...README.matchAll(/npx clawtank-bridge (join|doctor|mcp)\b([^`\n]*)/g)].map(([command]) => command);

/** The words as a shell hands them on, with a room where the README leaves it to the reader. */
function wordsOf(command: string): string[] {
  const filled = command
    .replace('/rooms/…', `/rooms/${ROOM}`)
    .replace('<room>', `https://clawtank.example/rooms/${ROOM}`);
  return [...filled.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '').slice(2);
}

describe('the README of the bridge', () => {
  it('prints commands of each kind', () => {
    expect(new Set(COMMANDS.map((command) => wordsOf(command)[0]))).toEqual(new Set(['join', 'doctor', 'mcp']));
  });

  it.each(COMMANDS)('prints a command that is understood: %s', (command) => {
    const words = wordsOf(command);
    expect(readArguments(words, {})).toMatchObject({ name: words[0] });
  });
});
