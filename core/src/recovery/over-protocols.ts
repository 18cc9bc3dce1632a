import type { Judged } from './judge.ts';
import type { Effect, WindowRecovery } from './window-recovery.ts';

const BY_HARM: readonly Effect[] = ['unknown', 'none', 'degraded', 'collapsed'];

/**
 * What each window did to a run that speaks several protocols: it has hurt when it has hurt one of them, is seen as soon as one
 * shows it, and is over when all are as before. Each list has the same disturbances. A protocol that says too little is left out
 * where another says enough.
 */
export function overProtocols(courses: readonly (readonly Judged[])[]): readonly WindowRecovery[] {
  const [first = []] = courses;
  return first.flatMap(({ windows }, group) => {
    const all = courses.flatMap((judged) => judged[group] ?? []);
    const telling = all.filter((one) => one.telling);
    const known = all.filter(({ steady }) => steady !== undefined);
    const heard = [telling, known, all].find(({ length }) => length > 0) ?? all;
    return windows.map((window, i) => {
      const [one = window, ...others] = heard.flatMap((judged) => judged.windows[i] ?? []);
      return others.reduce(joined, one);
    });
  });
}

function joined(a: WindowRecovery, b: WindowRecovery): WindowRecovery {
  const { detectionMs: _, recoveryMs: __, reason: ___, ...window } = a;
  const seen = [a, b].flatMap(({ detectionMs }) => (detectionMs === undefined ? [] : [detectionMs]));
  const late = [a, b].find(({ recoveryMs }) => recoveryMs === undefined);
  return {
    ...window,
    effect: BY_HARM.indexOf(b.effect) > BY_HARM.indexOf(a.effect) ? b.effect : a.effect,
    ...(seen.length > 0 && { detectionMs: Math.min(...seen) }),
    ...(late ? { reason: late.reason } : { recoveryMs: Math.max(a.recoveryMs ?? 0, b.recoveryMs ?? 0) }),
    stepMs: Math.max(a.stepMs, b.stepMs),
  };
}
