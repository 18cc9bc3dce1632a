import { registry } from './api/registry.ts';
import { declareAsTests, isNodeTest } from './functional/under-node-test.ts';

export { check } from './api/active.ts';
export type {
  ProcessSetupFunction,
  ProcessTeardownContext,
  ProcessTeardownFunction,
  RunContext,
  ScenarioContext,
  ScenarioFunction,
  ScenarioOptions,
  ScenarioPicker,
  SessionContext,
  SessionFunction,
  SessionOptions,
  SetupContext,
  SetupFunction,
  TeardownFunction,
  WorkerContext,
  WorkerSetupFunction,
  WorkerTeardownFunction,
} from './api/context.ts';
export type { EventName, EventPayloads, EventRequest, EventScenario, LoadEvent } from './api/events.ts';
export { type CsvOptions, csv, FeedEmptyError, type Feeder, type FeedOptions, feed, jsonLines } from './api/feed.ts';
export {
  events,
  scenario,
  scenarioPicker,
  setup,
  setupProcess,
  setupSession,
  setupWorker,
  teardown,
  teardownProcess,
  teardownSession,
  teardownWorker,
} from './api/registry.ts';
export { getVar, setVar } from './api/variables.ts';
export { standIns } from './functional/stand-ins.ts';
export type { FailureClass } from './http/failure-class.ts';
export { createHttpClient, type HttpClient, type HttpClientOptions } from './http/http-client.ts';
export type { HttpResponse } from './http/http-response.ts';
export { RequestError } from './http/request-error.ts';
export type { RequestOptions } from './http/request-options.ts';
export type { RequestSample } from './http/request-sample.ts';
export { main as nodeMain } from './main.ts';

// A scenario file that `node --test` runs.
if (isNodeTest(process)) declareAsTests(registry, process);
