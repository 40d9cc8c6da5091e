import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { confinedPath } from './domain/file-path.js';
import type { Edit } from './domain/instructions.js';

const MAX_FILE_BYTES = 5_000_000;

/** An edit that cannot be made; the message is for whoever asked for it. */
export class EditRefused extends Error {}

/** Makes the edits in a worktree, in order. Nothing outside it is touched, whatever the paths and the links in it say. */
export async function applyEdits(worktree: string, edits: readonly Edit[]): Promise<void> {
  for (const edit of edits) {
    await applyEdit(worktree, edit);
  }
}

async function applyEdit(worktree: string, edit: Edit): Promise<void> {
  switch (edit.kind) {
    case 'create': {
      const text = withFinalNewline(edit.text);
      const path = await locate(worktree, edit.file);
      if ((await exists(path)) && (await readText(path, edit.file)) !== text) {
        throw new EditRefused(`${edit.file} exists already; ask me to append to it or to replace something in it`);
      }
      return write(path, text);
    }
    case 'append': {
      const path = await existing(worktree, edit.file);
      const before = await readText(path, edit.file);
      return write(path, `${before === '' ? '' : withFinalNewline(before)}${withFinalNewline(edit.text)}`);
    }
    case 'replace': {
      const path = await existing(worktree, edit.file);
      const before = await readText(path, edit.file);
      if (edit.old === '' || !before.includes(edit.old)) {
        throw new EditRefused(`${edit.file} does not hold the text that I am to replace`);
      }
      return write(
        path,
        before.replaceAll(edit.old, () => edit.by),
      );
    }
    case 'delete':
      return rm(await existing(worktree, edit.file));
    case 'rename': {
      const from = await existing(worktree, edit.from);
      const to = await locate(worktree, edit.to);
      if (await exists(to)) {
        throw new EditRefused(`${edit.to} exists already`);
      }
      await mkdir(dirname(to), { recursive: true });
      return rename(from, to);
    }
  }
}

/** The file's place on disk, none of whose folders, nor itself, is a symbolic link. */
async function locate(worktree: string, file: string): Promise<string> {
  const confined = confinedPath(file);
  if (confined === null) {
    throw new EditRefused(`${file} is not a path inside the repository`);
  }
  const parts = confined.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const place = await look(join(worktree, ...parts.slice(0, depth)));
    const isLast = depth === parts.length;
    if (place && !(isLast ? place.isFile() : place.isDirectory())) {
      throw new EditRefused(`${parts.slice(0, depth).join('/')} is not a ${isLast ? 'plain file' : 'folder'}`);
    }
  }
  return join(worktree, ...parts);
}

async function existing(worktree: string, file: string): Promise<string> {
  const path = await locate(worktree, file);
  if (!(await exists(path))) {
    throw new EditRefused(`There is no file ${file}`);
  }
  return path;
}

async function look(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

const exists = async (path: string): Promise<boolean> => (await look(path)) !== null;

async function readText(path: string, file: string): Promise<string> {
  const bytes = await readFile(path);
  if (bytes.length > MAX_FILE_BYTES || bytes.includes(0)) {
    throw new EditRefused(`${file} is not a text that I can edit`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EditRefused(`${file} is not written in UTF-8`);
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const withFinalNewline = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
