/** What `join` is given: a room of a server, or an invitation that leads to one. */
export type RoomAddress =
  | { readonly kind: 'room'; readonly server: URL; readonly roomId: string }
  | { readonly kind: 'invitation'; readonly server: URL; readonly token: string };

const ROOM = /^(.*)\/rooms\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/.*)?$/i;
const INVITATION = /^(.*)\/join\/([\w-]+)\/?$/;

/** Reads the address of a room or of an invitation, as the browser shows it; null if it is neither. */
export function readAddress(text: string): RoomAddress | null {
  if (!URL.canParse(text)) {
    return null;
  }
  const { protocol, origin, pathname } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') {
    return null;
  }
  const [, , roomId] = ROOM.exec(pathname) ?? [];
  if (roomId) {
    return { kind: 'room', server: new URL(origin), roomId: roomId.toLowerCase() };
  }
  const [, , token] = INVITATION.exec(pathname) ?? [];
  return token ? { kind: 'invitation', server: new URL(origin), token } : null;
}

/** The server of any address on it; null if it is no address of the web. */
export function readServer(text: string): URL | null {
  const isAddress = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  return isAddress ? new URL(new URL(text).origin) : null;
}
