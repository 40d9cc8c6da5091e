import type { Page, WebSocketRoute } from 'playwright-core';

/** The live connections of one browser, which can be cut: taking a browser offline leaves open sockets open. */
export class Line {
  private readonly sockets = new Set<WebSocketRoute>();
  private isCut = false;

  static async of(page: Page): Promise<Line> {
    const line = new Line();
    await page.context().routeWebSocket(/\/socket\.io\//, (socket) => line.carry(socket));
    return line;
  }

  async cut(): Promise<void> {
    this.isCut = true;
    await Promise.all([...this.sockets].map((socket) => socket.close()));
    this.sockets.clear();
  }

  mend(): void {
    this.isCut = false;
  }

  private carry(socket: WebSocketRoute): Promise<void> | void {
    if (this.isCut) {
      return socket.close();
    }
    socket.connectToServer();
    this.sockets.add(socket);
  }
}
