import type { CommandName, Reply } from '@clawtank/contracts';

interface Asked {
  readonly name: CommandName;
  readonly request: Record<string, unknown>;
  answer(reply: Reply<unknown>): void;
  /** No answer comes: the line is dead. */
  fail(): void;
}

/** The other end of the socket, played by a test: what was asked, and whatever the server would push. */
export class FakeSocket {
  private readonly listeners = new Map<string, ((...args: never[]) => void)[]>();
  readonly asked: Asked[] = [];
  connected = false;
  connects = 0;
  id = 'socket-0';

  on(name: string, listener: (...args: never[]) => void): this {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    return this;
  }

  off(name: string, listener: (...args: never[]) => void): this {
    this.listeners.set(name, this.listeners.get(name)?.filter((one) => one !== listener) ?? []);
    return this;
  }

  connect(): this {
    this.connects++;
    return this;
  }

  disconnect(): this {
    this.drop('io client disconnect');
    return this;
  }

  timeout(): { emitWithAck(name: CommandName, request: Record<string, unknown>): Promise<unknown> } {
    return {
      emitWithAck: (name, request) =>
        new Promise((resolve, reject) =>
          this.asked.push({ name, request, answer: resolve, fail: () => reject(new Error('operation has timed out')) }),
        ),
    };
  }

  /** The server takes the connection. */
  accept(): void {
    this.connected = true;
    this.id = `socket-${this.connects}`;
    this.push('connect');
  }

  refuse(code: string): void {
    this.push('connect_error', Object.assign(new Error(code), { data: { code, message: `Refused: ${code}` } }));
  }

  /** The connection breaks; what waits for an answer gets none. */
  drop(reason = 'transport close'): void {
    if (this.connected) {
      this.connected = false;
      this.asked.forEach(({ fail }) => fail());
      this.push('disconnect', reason);
    }
  }

  push(name: string, ...args: unknown[]): void {
    this.listeners.get(name)?.forEach((listener) => listener(...(args as never[])));
  }

  /** The newest command of this name. */
  last(name: CommandName): Asked {
    const found = this.asked.findLast((one) => one.name === name);
    if (!found) {
      throw new Error(`${name} was not asked`);
    }
    return found;
  }

  all(name: CommandName): Asked[] {
    return this.asked.filter((one) => one.name === name);
  }
}

/** Lets promise callbacks run. */
export const turn = async (): Promise<void> => {
  for (let step = 0; step < 10; step++) {
    await Promise.resolve();
  }
};
