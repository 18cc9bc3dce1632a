import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** How long headless Chromium takes from the begin of loading a page to its drawn charts, ms; undefined where there is none. */
export async function openMs(file: string): Promise<number | undefined> {
  if (!existsSync(CHROMIUM)) return undefined;
  await using browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  });
  const page = await browser.newPage();
  // The first page of a browser pays for its start.
  await page.goto('about:blank');
  await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
  return (await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")) as number;
}
