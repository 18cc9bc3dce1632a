import { configJsonSchema } from '@loads/core';
import { expect, test } from 'vitest';
import { ENVIRONMENT, environmentOverrides, override, overrideAt, overrideOf } from './overrides.ts';

test('variables of the environment set keys; an empty one does not', () => {
  const env = { LOADS_WORKERS: '20', LOADS_DURATION: '90', LOADS_TARGET: '', LOADS_GRACEFUL_STOP: '5s', WORKERS: '1' };
  expect(environmentOverrides(env)).toEqual([
    { path: ['workers'], value: 20, origin: 'LOADS_WORKERS' },
    { path: ['duration'], value: '90', origin: 'LOADS_DURATION' },
    { path: ['gracefulStop'], value: '5s', origin: 'LOADS_GRACEFUL_STOP' },
  ]);
});

test('every variable sets a key that the configuration has', () => {
  const { properties } = configJsonSchema() as { properties: Record<string, { properties?: Record<string, unknown> }> };
  for (const [key, inner] of ENVIRONMENT.values()) {
    expect(properties).toHaveProperty(key);
    if (inner !== undefined) expect(properties[key]?.properties).toHaveProperty(inner);
  }
});

test('only what is counted becomes a number', () => {
  const value = (key: string, text: string): unknown => overrideOf([key], text, '--x').value;
  expect(['20', '-1', '1.5', 'many', '1e3', ' 2'].map((text) => value('workers', text))).toEqual([
    ...[20, -1, 1.5, 'many', '1e3', ' 2'],
  ]);
  // A name or a token of digits is a text.
  expect(value('name', '2026')).toBe('2026');
});

test('a later override stands over an earlier one, and parts of a map over those parts', () => {
  const below = { workers: 1, env: { A: 'file', B: 'file' }, influx: { url: 'http://file' } };
  const overrides = [
    overrideOf(['workers'], '2', 'LOADS_WORKERS'),
    overrideOf(['workers'], '3', '--workers'),
    { path: ['env', 'B'], value: 'flag', origin: '--env' } as const,
    overrideOf(['influx', 'token'], '0123', 'LOADS_INFLUX_TOKEN'),
  ];
  expect(override(below, overrides)).toEqual({
    workers: 3,
    env: { A: 'file', B: 'flag' },
    influx: { url: 'http://file', token: '0123' },
  });
  expect(below.workers).toBe(1);
});

test('a token alone makes no database', () => {
  const token = overrideOf(['influx', 'token'], 't', 'LOADS_INFLUX_TOKEN');
  const url = overrideOf(['influx', 'url'], 'http://i', 'LOADS_INFLUX_URL');
  expect(override({}, [token])).toEqual({});
  expect(override({}, [url, token])).toEqual({ influx: { url: 'http://i', token: 't' } });
});

test('what is no map stays for the schema to refuse', () => {
  const variable = { path: ['env', 'A'], value: '1', origin: '--env' } as const;
  expect(override({ env: ['A=2'] }, [variable])).toEqual({ env: ['A=2'] });
  expect(override({ env: null }, [variable])).toEqual({ env: { A: '1' } });
});

test('a problem belongs to the last override that set its value', () => {
  const overrides = [
    overrideOf(['nodes'], '0', 'LOADS_NODES'),
    overrideOf(['nodes'], '-1', '--nodes'),
    overrideOf(['influx', 'url'], 'x', 'LOADS_INFLUX_URL'),
  ];
  const originAt = (...path: (string | number)[]): string | undefined => overrideAt(overrides, path)?.origin;
  expect(originAt('nodes')).toBe('--nodes');
  expect(originAt('influx', 'url')).toBe('LOADS_INFLUX_URL');
  expect(originAt('influx', 'bucket')).toBeUndefined();
  expect(originAt('influx')).toBeUndefined();
  expect(originAt('workers')).toBeUndefined();
});

test('stages are texts, of workers or of rates; what is none is for the schema to refuse', () => {
  expect(overrideOf(['stages'], '30s:100, 1m:500/s,5:x', '--stage').value).toEqual([
    { for: '30s', workers: 100 },
    { for: '1m', rate: '500/s' },
    { for: '5', workers: 'x' },
  ]);
});
