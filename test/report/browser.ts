import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Whether the browser of Debian's package is here. */
export function chromiumAvailable(): boolean {
  return existsSync(CHROMIUM);
}

/** A page in a browser, with all that should not have happened in it. */
export type OpenedPage = AsyncDisposable & {
  readonly page: Page;
  /** Requests to anything but the file itself. */
  readonly requests: readonly string[];
  /** Errors and warnings of the console, breaches of the policy among them, and what was thrown. */
  readonly problems: readonly string[];
};

/** A browser, which opens files one after the other. */
export type Browser = AsyncDisposable & {
  /** Opens a file as a new user would, and waits until it is loaded. */
  open(path: string, options?: BrowserContextOptions): Promise<OpenedPage>;
};

/** Starts headless Chromium. */
export async function startChromium(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  });
  return {
    async open(path, options = {}) {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      const page = await context.newPage();
      const [requests, problems]: [string[], string[]] = [[], []];
      const url = pathToFileURL(path).href;
      page.on('request', (request) => {
        const wanted = request.url();
        if (wanted !== url && !wanted.startsWith('data:')) requests.push(wanted);
      });
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(String(error)));
      await page.goto(url, { waitUntil: 'load' });
      return { page, requests, problems, [Symbol.asyncDispose]: () => context.close() };
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
