/** For tests: a WebSocket whose other end is the test. */
export class FakeSocket {
  static readonly OPEN = 1;
  static opened: FakeSocket[] = [];
  private static original: typeof WebSocket;

  readonly readyState = FakeSocket.OPEN;
  readonly sent: unknown[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.opened.push(this);
  }

  static install(): void {
    FakeSocket.opened = [];
    FakeSocket.original = globalThis.WebSocket;
    Object.defineProperty(globalThis, 'WebSocket', { value: FakeSocket, configurable: true, writable: true });
  }

  static remove(): void {
    globalThis.WebSocket = FakeSocket.original;
  }

  static get last(): FakeSocket {
    const last = FakeSocket.opened.at(-1);
    if (!last) {
      throw new Error('Nobody opened a WebSocket');
    }
    return last;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.onclose?.();
  }

  /** The server says something. */
  receive(type: string, data: unknown): void {
    this.onmessage?.({ data: JSON.stringify({ id: 'm', type, timestamp: '2026-11-21T12:00:00Z', data }) });
  }

  /** The connection ends without anybody here having wanted it. */
  cut(): void {
    this.onclose?.();
  }
}
