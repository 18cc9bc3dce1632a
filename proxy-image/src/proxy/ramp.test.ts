import { expect, test, vi } from 'vitest';
import { dial, get, rule, startHttpBackend, startTestProxy } from './peers.test.support.ts';
import type { Rule } from './rule.ts';

function step(place: number, behavior: string, options: Record<string, unknown> = {}): Rule {
  return { ...rule('slow', behavior, options), step: place };
}

test.each(['http', 'tcp'])(
  'over %s the next step of a ramp does not end what a step has hit; its end does',
  async (protocol) => {
    await using backend = await startHttpBackend();
    await using target = await startTestProxy(protocol, backend.address, [step(0, 'hang')]);
    const { proxy, faults } = target;
    const hung = (await dial(proxy.address)).send(get('/'));
    await vi.waitUntil(() => faults.length === 1, 15_000);
    proxy.setRules([step(1, 'hang', { max: '1h' })]);
    const next = (await dial(proxy.address)).send(get('/'));
    await vi.waitUntil(() => new Set(faults.map(({ connection }) => connection)).size === 2, 15_000);
    expect(await Promise.race([hung.outcome, next.outcome, 'open'])).toBe('open');
    proxy.setRules([]);
    expect(await Promise.all([hung.outcome, next.outcome])).toEqual(['rst', 'rst']);
  },
);

test.each(['http', 'tcp'])('over %s what a step holds goes on being held in the next one', async (protocol) => {
  await using backend = await startHttpBackend();
  await using target = await startTestProxy(protocol, backend.address, [step(0, 'delay', { sleep: '1h' })]);
  const { proxy } = target;
  const held = (await dial(proxy.address)).send(get('/'));
  await vi.waitUntil(() => proxy.stats.requests + target.faults.length > 0, 15_000);
  proxy.setRules([step(1, 'delay', { sleep: '2h' })]);
  const passed = (await dial(proxy.address)).send(get('/'));
  proxy.setRules([step(2, 'delay', { sleep: '1ms' })]);
  // This one comes later, and through.
  const later = await dial(proxy.address);
  await later.send(get('/')).untilHas('ok');
  expect(held.text).toBe('');
  proxy.setRules([]);
  await Promise.all([held.untilHas('ok'), passed.untilHas('ok')]);
});
