import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DASHBOARDS, panels } from './queries.test.support.ts';

const COMMITTED = join(import.meta.dirname, '../../dashboards');

test('the committed files are these dashboards (else: npm run dashboards)', () => {
  const files = readdirSync(COMMITTED).sort();
  expect(files).toEqual(Object.keys(DASHBOARDS).map((name) => `${name}.json`));
  for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
    expect(JSON.parse(readFileSync(join(COMMITTED, `${name}.json`), 'utf8')), name).toEqual(dashboard);
  }
});

test('the addresses of the dashboards never change', () => {
  expect(Object.fromEntries(Object.entries(DASHBOARDS).map(([name, { uid }]) => [name, uid]))).toEqual({
    compare: 'loads-compare',
    nodes: 'loads-nodes',
    requests: 'loads-requests',
    run: 'loads-run',
  });
});

test('every panel says what it shows and in which unit, asks the chosen data source, and has a number of its own', () => {
  for (const { of, panel } of panels()) {
    expect(panel.title, of).toMatch(/^\S.*\S$/);
    expect(panel.description?.length, of).toBeGreaterThan(10);
    expect(panel.fieldConfig?.defaults.unit, of).toMatch(/./);
    expect(panel.datasource, of).toEqual({ type: 'influxdb', uid: '${datasource}' });
    expect(panel.targets?.length, of).toBeGreaterThan(0);
  }
  for (const { panels: all = [] } of Object.values(DASHBOARDS)) {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  }
});

test('what can be chosen: the run, its protocol, scenarios, nodes and phases; requests by their names; a second run to compare with', () => {
  const names = Object.entries(DASHBOARDS).map(([dashboard, { templating }]) => [
    dashboard,
    templating?.list?.map(({ name }) => name),
  ]);
  expect(Object.fromEntries(names)).toEqual({
    compare: ['datasource', 'run', 'compared', 'protocol', 'scenario', 'node', 'phase', 'step'],
    nodes: ['datasource', 'run', 'protocol', 'scenario', 'node', 'phase'],
    requests: ['datasource', 'run', 'protocol', 'scenario', 'name', 'node', 'phase'],
    run: ['datasource', 'run', 'protocol', 'scenario', 'node', 'phase'],
  });
});

test('faults are regions over the panels with a time axis, whatever part of them is seen', () => {
  for (const { annotations, uid } of Object.values(DASHBOARDS)) {
    if (uid === 'loads-compare') continue;
    const [faults, others] = annotations?.list ?? [];
    expect(faults).toMatchObject({ name: 'Faults', mappings: { timeEnd: { source: 'field', value: 'time_end' } } });
    expect(JSON.stringify(faults?.target)).toContain("'fault_on'");
    expect(JSON.stringify(faults?.target)).not.toContain('$timeFilter');
    expect(others?.name).toBe('Events');
  }
});
