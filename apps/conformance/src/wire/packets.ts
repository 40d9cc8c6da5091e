/** A Socket.IO packet of the agents' namespace inside of an Engine.IO message. */
export type Packet =
  | { readonly type: 'connect'; readonly data: unknown }
  | { readonly type: 'disconnect' }
  | { readonly type: 'event'; readonly ack: number | null; readonly name: string; readonly args: readonly unknown[] }
  | { readonly type: 'ack'; readonly ack: number; readonly args: readonly unknown[] }
  | { readonly type: 'refusal'; readonly data: unknown };

const NAMESPACE = '/agents';
const MESSAGE = /^4([0-4])\/agents(?:\?[^,]*)?(?:,|$)(\d*)(.*)$/s;

/** Reads one text frame; null if it is none of the agents' namespace, or not understood. */
export function readPacket(frame: string): Packet | null {
  const [, type, digits, text] = MESSAGE.exec(frame) ?? [];
  if (type === undefined) {
    return null;
  }
  const ack = digits ? Number(digits) : null;
  const data = parsed(text ?? '');
  switch (type) {
    case '0':
      return { type: 'connect', data };
    case '1':
      return { type: 'disconnect' };
    case '2':
      return Array.isArray(data) && typeof data[0] === 'string'
        ? { type: 'event', ack, name: data[0], args: data.slice(1) }
        : null;
    case '3':
      return ack !== null && Array.isArray(data) ? { type: 'ack', ack, args: data } : null;
    default:
      return { type: 'refusal', data };
  }
}

/** The server's word that it ends the connection. */
export const DISCONNECT_FRAME = `41${NAMESPACE},`;

/** The server's refusal of a handshake. */
export const refusalFrame = (code: string, message: string): string =>
  `44${NAMESPACE},${JSON.stringify({ message, data: { code, message } })}`;

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
