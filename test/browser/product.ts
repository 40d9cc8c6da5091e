import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { freePort } from '../support/free-port.js';

const START_MS = 240_000;
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Without these a headless Chromium calls its maker's servers at every start. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Theme = 'light' | 'dark';

export interface Visit {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
  /** Has fingers and no mouse. */
  readonly touch?: boolean;
}

/** The product as a newcomer has it: `npm start`, with a data directory of its own, and a real browser. */
export class Product {
  /** What no page may do: throw, or write an error to the console. */
  readonly consoleErrors: string[] = [];

  private constructor(
    readonly url: string,
    /** What the first start printed for the administrator. */
    readonly setupLink: string,
    readonly browser: Browser,
    private readonly server: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Product> {
    const executablePath = CHROMIUM.find(existsSync);
    if (!executablePath) {
      throw new Error('These tests need Chromium: install Debian’s package “chromium”.');
    }
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-browser-'));
    chmodSync(folder, 0o755);
    const port = await freePort();
    const server = spawn(process.execPath, ['scripts/start.mjs'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORT: String(port),
        DATA_DIR: relative(process.cwd(), join(folder, 'data')),
        LOG_LEVEL: 'error',
      },
    });
    let output = '';
    server.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const deadline = Date.now() + START_MS;
    for (;;) {
      const setupLink = /(http:\/\/localhost:\d+\/setup\?token=\S+)/.exec(output)?.[1];
      if (setupLink !== undefined) {
        const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS });
        return new Product(`http://localhost:${port}`, setupLink, browser, server, folder);
      }
      if (server.exitCode !== null || Date.now() > deadline) {
        throw new Error(`npm start did not become ready:\n${output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** A browser of somebody's own, with its own cookies. */
  async visitor({ width = 1440, height = 900, theme = 'dark', touch = false }: Visit = {}): Promise<Page> {
    const context: BrowserContext = await this.browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      hasTouch: touch,
      isMobile: touch,
      permissions: ['clipboard-read', 'clipboard-write'],
      baseURL: this.url,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => this.consoleErrors.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        this.consoleErrors.push(`${page.url()}: ${message.text()}`);
      }
    });
    return page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.kill('SIGTERM');
    if (this.server.exitCode === null) {
      await once(this.server, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const SCREENSHOTS = process.env['SCREENSHOTS'];

/** Takes a picture for people to look at, if `SCREENSHOTS` names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS) {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }
}
