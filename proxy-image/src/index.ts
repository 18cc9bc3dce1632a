export { type Behavior, type BehaviorPlugin, defineBehavior, type HitUnit, type Unit } from './behaviors/behavior.ts';
export type { CutMode, Effect } from './behaviors/effect.ts';
export { parseBehaviors } from './behaviors/parse-behaviors.ts';
export { behaviors, registerBehavior } from './behaviors/registry.ts';
export { LocalProxy, type LocalProxyOptions, startProxy } from './client/local-proxy.ts';
export type { ClientProxy, ClientSchedule, HeldSchedule, ScheduleChange } from './client/schedule-client.ts';
export { VaurienClient, type VaurienClientOptions } from './client/vaurien-client.ts';
export { faultCatalog } from './config/fault-catalog.ts';
export { type Refused, refusalOf } from './control/api/guard.ts';
export { GuardedPort, type GuardedPortOptions } from './control/api/guarded-port.ts';
export type { RecordedFault } from './control/fault-log.ts';
export type { BehaviorState, ManagedProxy } from './control/managed-proxy.ts';
export { type ProxyDefinition, readProxy } from './control/read-proxy.ts';
export { Vaurien, type VaurienOptions } from './control/vaurien.ts';
export { type BatchOutcome, LineSender, MOST_LINES } from './influx/line-sender.ts';
export { batchFiles } from './influx/spool.ts';
export type { WriteFailure } from './influx/write-failure.ts';
export { faultMatrix } from './plugins/fault-matrix.ts';
export { HOST_KEY } from './plugins/host-key.ts';
export { loadPlugins, pluginFile } from './plugins/load-plugins.ts';
export { pluginReference } from './plugins/reference.ts';
export type {
  Answer,
  BackendStep,
  ClientStep,
  Codec,
  CodecFactory,
  CodecLink,
  NativeError,
  Request,
} from './protocols/exchange/codec.ts';
export { type ExchangeProtocol, exchangeProtocol } from './protocols/exchange/exchange-protocol.ts';
export type { ConnectionHandler, Protocol, ProtocolPlugin } from './protocols/protocol.ts';
export { protocols, registerProtocol } from './protocols/registry.ts';
export type { Session } from './protocols/session.ts';
export type { FaultEvent, FaultPoint } from './proxy/fault-event.ts';
export type { Refusal } from './proxy/refusal.ts';
export type { Rule } from './proxy/rule.ts';
export { lastOutput } from './sidecar/last-output.ts';
export { reachTarget } from './sidecar/reach-target.ts';
