import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';
import { type Browser, chromiumAvailable, startChromium } from './browser.ts';

/** Names that would be markup, where they are not escaped. */
const SCENARIO = `import { scenario } from '@loads/node';
scenario('visit', async ({ http, check, sleep }) => {
  await http.get('/items', { name: 'GET /items' });
  const gone = await http.get('/items/none', { name: '<img src=x onerror=alert(1)>' });
  check(gone.status === 404, '</script><script>alert(2)</script>');
  await sleep(20);
  if (gone.status === 404) throw new Error('</script><script>alert(3)</script>');
});`;

const CONFIG = (target: string): string => `name: shop
scenario: ./visit.ts
target: ${target}
nodes: 2
stages: [{ for: 1s, workers: 4 }, { for: 3s, workers: 4 }, { for: 2s, workers: 8 }]
recovery: 1s
proxies:
  web: { protocol: http }
chaos:
  - { name: slow-web, at: 2s, for: 1s, proxy: web, behavior: "50:delay", sleep: 200ms }
thresholds:
  "http_req_duration{phase:steady}": ["p(95)<5000"]
`;

const owned = new AsyncDisposableStack();
let workspace: Workspace;
/** Where `loads run --report` was told to write. */
let file: string;
let run: string;

beforeAll(async () => {
  const target = owned.use(await startTarget());
  workspace = owned.use(await Workspace.create());
  await workspace.write('visit.ts', SCENARIO);
  await workspace.write('loads.yml', CONFIG(target.url));
  const ran = await runLoads(workspace, [
    ...['run', '--seed', '3', '-e', 'SECRET=hunter2', '--report', 'out/shop report.html', '--apdex-t', '100ms'],
  ]);
  expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0);
  file = workspace.file('out/shop report.html');
  expect(ran.stdout).toContain('out/shop report.html');
  run = await workspace.run();
}, 60_000);

afterAll(() => owned.disposeAsync());

describe.skipIf(!chromiumAvailable())('a report in a browser (Debian: chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = owned.use(await startChromium());
  });

  test('it renders, nothing is wrong, no request leaves, and what it shows is the run', async () => {
    await using opened = await browser.open(file);
    const { page, requests, problems } = opened;
    expect(await page.title()).toMatch(/^PASSED: shop/);
    expect(await textOf(page.locator('.verdict .word'))).toContain('PASSED');
    for (const id of ['rate', 'latency', 'heat', 'load', 'generator'])
      expect(await page.evaluate(coloursOf(id)), id).toBeGreaterThan(5);
    const summary = await workspace.summary();
    const requestsTable = page.getByRole('region', { name: /^Requests by name/ });
    const counts = [summary.total.ok, summary.total.ko].map((count) => count.toLocaleString('en-US')).join('\t');
    expect(await textOf(requestsTable)).toContain(`all requests\t${counts}\t`);
    // What the user named is text.
    expect(await textOf(requestsTable)).toContain('<img src=x onerror=alert(1)>');
    expect(await textOf(page.locator('#faults'))).toMatch(
      /slow-web[\s\S]*50 % delay[\s\S]*Injected[\s\S]*\d+ × delay on web/,
    );
    expect(await textOf(page.locator('#plan'))).toContain("loads run --seed 3 -e 'SECRET=[redacted]'");
    expect(await page.locator('img').count()).toBe(0);
    expect({ requests, problems }).toEqual({ requests: [], problems: [] });
    const picture = await page.screenshot({ fullPage: true });
    expect(picture.length).toBeGreaterThan(50_000);
  });

  test('charts are read by keyboard, lines are hidden and other requests are chosen', async () => {
    await using opened = await browser.open(file);
    const { page, problems } = opened;
    const legend = page.locator('[data-legend="rate"]');
    await page.locator('[data-chart="rate"]').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await textOf(legend.locator('.when'))).toMatch(/^at 0:0\d$/);
    expect(await textOf(legend.locator('output').first())).toMatch(/\/s$/);
    const line = legend.getByRole('button', { name: /^KO/ });
    await line.press('Enter');
    expect(await line.getAttribute('aria-pressed')).toBe('false');
    await page.getByRole('combobox').selectOption({ label: '<img src=x onerror=alert(1)>' });
    await page.getByRole('checkbox', { name: 'logarithmic' }).check();
    const figures = page.locator('#figure-rate details');
    await figures.locator('summary').press('Enter');
    expect(await figures.getByRole('table').locator('tbody tr').count()).toBeGreaterThan(4);
    expect(problems).toEqual([]);
  });

  test('what is zoomed in one chart is zoomed in all, until Escape', async () => {
    await using opened = await browser.open(file);
    const { page, problems } = opened;
    const { mouse } = page;
    const drawing = page.locator('[data-chart="rate"] .u-over');
    await drawing.scrollIntoViewIfNeeded();
    const { x, y, width } = (await drawing.boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await mouse.move(x, y + 50);
    await mouse.down();
    await mouse.move(x + width / 4, y + 60, { steps: 4 });
    await mouse.up();
    const latency = page.locator('[data-chart="latency"]');
    const when = page.locator('[data-legend="latency"] .when');
    const atTheRight = { position: { x: width - 5, y: 50 } };
    await latency.locator('.u-over').hover(atTheRight);
    await expect.poll(() => textOf(when)).toMatch(/^at 0:0[01]$/);
    await latency.press('Escape');
    await latency.locator('.u-over').hover({ position: { x: width - 30, y: 50 } });
    await expect.poll(() => textOf(when)).toMatch(/^at 0:(?:0[2-9]|1\d)$/);
    expect(problems).toEqual([]);
  });

  test('it can be read aloud: landmarks, headings in order, captions, names of all that can be used', async () => {
    await using opened = await browser.open(file);
    const { page } = opened;
    for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const)
      expect(await page.getByRole(role).count(), role).toBe(1);
    const levels = await page.locator('h1, h2, h3').evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
    expect(levels[0]).toBe(1);
    for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(await page.locator('table:not(:has(caption))').count()).toBe(0);
    expect(await page.locator('table th:not([scope])').count()).toBe(0);
    const nameless = await page
      .locator('button, select, input, a, summary')
      .evaluateAll((all) =>
        all.filter((one) => (one.closest('label') ?? one).textContent?.trim() === '').map(({ outerHTML }) => outerHTML),
      );
    expect(nameless).toEqual([]);
  });

  test.each([
    ['on a phone', { viewport: { width: 375, height: 800 } }],
    ['on a dark screen', { colorScheme: 'dark' as const }],
  ])('%s it fits, and has colours that can be read', async (_, options) => {
    await using opened = await browser.open(file, options);
    const { page, problems } = opened;
    const [content, screen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
      number,
      number,
    ];
    expect(content).toBeLessThanOrEqual(screen);
    const faint = (await page.evaluate(FAINT_TEXTS)) as readonly string[];
    expect(faint).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('it prints, light also from a dark screen', async () => {
    await using opened = await browser.open(file, { colorScheme: 'dark' });
    const { page, problems } = opened;
    const paper = await page.pdf({ format: 'A4', printBackground: true });
    expect(paper.length).toBeGreaterThan(50_000);
    await page.emulateMedia({ media: 'print' });
    // As wide as A4 between its margins.
    await page.setViewportSize({ width: 718, height: 1000 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(718);
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(23, 33, 45)');
    expect(problems).toEqual([]);
  });
});

test('`loads report` writes it into the folder of the run, or where it is told to', async () => {
  const written = await runLoads(workspace, ['report', '--json']);
  expect(JSON.parse(written.stdout)).toMatchObject({ type: 'report', file: join(run, 'report.html') });
  expect((await stat(join(run, 'report.html'))).size).toBeLessThan(400_000);
  const shown = await runLoads(workspace, ['report', run, '-o', '-']);
  expect(shown.stdout).toMatch(/^<!doctype html>/);
});

test('of a damaged or half-written run there is what is left of it, and a note of what is not', async () => {
  const damages: readonly (readonly [string, Buffer | string, RegExp])[] = [
    ['summary.json', '{"version": 1, "run', /summary\.json is damaged: it is judged from what its nodes left/],
    ['nodes/1/result.json.gz', 'half', /node 1 has no result that can be read: the result of node 1 is damaged/],
  ];
  for (const [name, content, says] of damages) {
    const path = join(run, name);
    const whole = await readFile(path);
    await writeFile(path, content);
    const { exitCode, stdout, stderr } = await runLoads(workspace, ['report', '-o', '-']);
    await writeFile(path, whole);
    expect.soft([exitCode, stderr], name).toEqual([0, expect.stringMatching(says)]);
    expect.soft(stdout, name).toMatch(says);
  }
});

/** What is to be read in a part of a page. */
async function textOf(part: Locator): Promise<string> {
  return (await part.allInnerTexts()).join('\n');
}

/** How many colours the chart of this id has. */
function coloursOf(id: string): string {
  return `(() => {
    const canvas = document.querySelector('[data-chart="${id}"] canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let i = 0; i < data.length; i += 4) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    return colours.size;
  })()`;
}

/** Finds texts whose contrast with what is behind them is below 4.5 : 1 (WCAG 2.2, 1.4.3). */
const FAINT_TEXTS = `(() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = rgb(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!own || element.closest('script, style, noscript, .hidden, .skip') || element.checkVisibility() === false) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.add(element.tagName + '.' + element.className + ' ' + ratio.toFixed(2));
  }
  return [...faint];
})()`;
