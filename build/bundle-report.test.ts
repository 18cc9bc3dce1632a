import { expect, test } from 'vitest';
import { bundleReport } from './bundle-report.ts';

test('the script of reports is one file with the charts and their licence in it, and cannot end its element', async () => {
  const { script: page, styles: sheet } = await bundleReport();
  const [script, styles] = [String(page.contents), String(sheet.contents)];
  expect(script).toMatch(/^\/\*! uPlot\nThe MIT License[\s\S]*Leon Sorokin/);
  expect(script.length).toBeLessThan(90_000);
  expect(script).not.toMatch(/<\/script|<!--|\r/i);
  // The policy of a page forbids code out of texts.
  expect(script).not.toMatch(/\beval\(|new Function/);
  expect(styles).toContain('.uplot');
});
