import type { PublicKey } from './public-key.js';
import { GIT_NAMESPACE, type SignatureVerdict, verifySignature } from './ssh-signature.js';

/** A commit taken apart: what was signed, and by whom it says it is. */
export interface ParsedCommit {
  /** The commit without its signatures, byte for byte: what a signature is over. */
  readonly payload: Buffer;
  /** Null if it has none. */
  readonly signature: string | null;
  /** A claim, as long as the signature was not verified. Null if the commit does not name exactly one author. */
  readonly authorEmail: string | null;
}

interface Header {
  readonly name: string;
  /** With the lines that continue it, their leading blank taken off. */
  readonly value: string;
  readonly bytes: Buffer;
}

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const AUTHOR = /^[^<>\n]*<([^<>\n]+)> \d+ [+-]\d{4}\n$/;
/** Object ids of repositories that use SHA-256 are this long; git keeps their signatures under another name. */
const SHA256_LENGTH = 64;

/**
 * Takes a commit object apart (`git cat-file commit`), in the same way as git does when it verifies: the signature is what the
 * header of the repository's hash says, and the payload leaves out all signatures, also those for the other hash.
 */
export function parseCommit(object: Buffer): ParsedCommit {
  const { headers, rest } = splitHeaders(object);
  const signatures = headers.filter(({ name }) => name === signatureHeaderOf(headers));
  const authors = headers.filter(({ name }) => name === 'author');
  return {
    payload: Buffer.concat([
      ...headers.filter(({ name }) => !name.startsWith('gpgsig')).map(({ bytes }) => bytes),
      rest,
    ]),
    signature: signatures.length > 0 ? signatures.map(({ value }) => value).join('') : null,
    authorEmail: (authors.length === 1 && AUTHOR.exec(authors[0]?.value ?? '')?.[1]) || null,
  };
}

/** Whether one of these keys signed the commit, as git signs. */
export function verifyCommit({ payload, signature }: ParsedCommit, keys: readonly PublicKey[]): SignatureVerdict {
  return verifySignature(signature, payload, { keys, namespace: GIT_NAMESPACE });
}

/** The commit object with a signature over it put where git looks for it. */
export function withSignature(payload: Buffer, signature: string): Buffer {
  const { headers, rest } = splitHeaders(payload);
  const folded = signature.trimEnd().replaceAll('\n', '\n ');
  const header = Buffer.from(`${signatureHeaderOf(headers)} ${folded}\n`);
  return Buffer.concat([...headers.map(({ bytes }) => bytes), header, rest]);
}

function signatureHeaderOf(headers: readonly Header[]): string {
  const tree = headers.find(({ name }) => name === 'tree')?.value.trimEnd() ?? '';
  return tree.length === SHA256_LENGTH ? 'gpgsig-sha256' : 'gpgsig';
}

/** The headers, and everything from the empty line on that ends them. */
function splitHeaders(object: Buffer): { headers: Header[]; rest: Buffer } {
  const headers: Header[] = [];
  let at = 0;
  while (at < object.length && object[at] !== LINE_FEED) {
    let end = endOfLine(object, at);
    while (object[end] === SPACE) {
      end = endOfLine(object, end);
    }
    headers.push(headerOf(object.subarray(at, end)));
    at = end;
  }
  return { headers, rest: object.subarray(at) };
}

function headerOf(bytes: Buffer): Header {
  const text = bytes.toString();
  const blank = text.search(/[ \n]|$/);
  return { name: text.slice(0, blank), value: text.slice(blank + 1).replaceAll('\n ', '\n'), bytes };
}

function endOfLine(object: Buffer, from: number): number {
  const at = object.indexOf(LINE_FEED, from);
  return at < 0 ? object.length : at + 1;
}
