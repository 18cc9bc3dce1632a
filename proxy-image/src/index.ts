export { parseBehaviors } from './behaviors/parse-behaviors.ts';
export { behaviors } from './behaviors/registry.ts';
export { protocols } from './protocols/registry.ts';
export type { FaultEvent, FaultPoint } from './proxy/fault-event.ts';
export type { Rule } from './proxy/rule.ts';
export { type ProxyAddress, type ProxyOptions, type RunningProxy, startProxy } from './proxy/start-proxy.ts';
export { main as sidecarMain } from './sidecar/main.ts';
