import { shortened } from '@clawtank/agent-work';

/** What ACP tells of a tool call, as far as we look at it. */
export interface ToolCallFacts {
  readonly toolCallId: string;
  readonly title?: string | null;
  readonly kind?: string | null;
  readonly locations?: readonly { readonly path: string }[] | null;
  readonly content?: readonly ToolContent[] | null;
  readonly rawInput?: unknown;
}

type ToolContent =
  | { readonly type: 'diff'; readonly path: string; readonly oldText?: string | null; readonly newText: string }
  | { readonly type: string };

const MAX_TITLE = 200;
const MAX_DETAIL = 4000;
const PATH_KEYS = /path|file|dir|folder|cwd|root|destination|target|source/i;

/** Every path that the call says it touches, in whichever way it says so. */
export function pathsOf({ locations, content, rawInput }: ToolCallFacts): string[] {
  const paths = [...(locations ?? []).map(({ path }) => path), ...diffsOf(content).map(({ path }) => path)];
  collectPaths(rawInput, paths, 0);
  return [...new Set(paths)];
}

const CHANGING: readonly string[] = ['edit', 'delete', 'move'];

/** The files that the call says it changes. */
export function changedPathsOf({ kind, locations, content }: ToolCallFacts): string[] {
  const places = CHANGING.includes(kind ?? '') ? (locations ?? []) : [];
  return [...places, ...diffsOf(content)].map(({ path }) => path);
}

export const titleOf = ({ title, kind }: ToolCallFacts): string =>
  shortened((title ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim() || `A step of the kind ${kind ?? 'other'}`, MAX_TITLE);

/** A title as the room reads it: files of the worktree by their names in the repository. */
export const withoutFolder = (title: string, folder: string): string => title.replaceAll(`${folder}/`, '');

/** Exactly what would be done, for whoever gives leave: the input of the tool, what is said about it, and the change it would make. */
export function detailOf(call: ToolCallFacts): string {
  const input = inputOf(call.rawInput) || (call.title ?? ''); // a program may be named nowhere else
  const parts = [input, ...textsOf(call.content), ...diffsOf(call.content).map(diffText)];
  const paths = pathsOf(call);
  if (paths.length > 0) {
    parts.push(`Touches: ${paths.join(', ')}`);
  }
  return shortened(parts.filter(Boolean).join('\n\n').replaceAll('\0', ''), MAX_DETAIL);
}

function inputOf(input: unknown): string {
  if (input === undefined || input === null) {
    return '';
  }
  const { command } = input as { command?: unknown };
  return typeof command === 'string' ? `$ ${command}` : JSON.stringify(input, null, 2);
}

function diffText({ path, oldText, newText }: Extract<ToolContent, { path: string }>): string {
  const removed = (oldText ?? '').split('\n').map((line) => `- ${line}`);
  const added = newText.split('\n').map((line) => `+ ${line}`);
  return [path, ...(oldText ? removed : []), ...added].join('\n');
}

function diffsOf(content: ToolCallFacts['content']): Extract<ToolContent, { path: string }>[] {
  return (content ?? []).filter((part): part is Extract<ToolContent, { path: string }> => part.type === 'diff');
}

function textsOf(content: ToolCallFacts['content']): string[] {
  return (content ?? []).flatMap((part) => {
    const { content: block } = part as { readonly content?: { readonly type: string; readonly text?: string } };
    return part.type === 'content' && block?.type === 'text' ? (block.text ?? '') : [];
  });
}

function collectPaths(value: unknown, found: string[], depth: number): void {
  if (value === null || typeof value !== 'object' || depth > 5) {
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && inner !== '' && PATH_KEYS.test(key)) {
      found.push(inner);
    } else {
      collectPaths(inner, found, depth + 1);
    }
  }
}
