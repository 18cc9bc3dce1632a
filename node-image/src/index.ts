export type {
  ScenarioContext,
  ScenarioFunction,
  ScenarioOptions,
  SetupContext,
  SetupFunction,
  TeardownFunction,
} from './api/context.ts';
export { scenario, setup, teardown } from './api/registry.ts';
export type { FailureClass } from './http/failure-class.ts';
export { createHttpClient, type HttpClient, type HttpClientOptions } from './http/http-client.ts';
export type { HttpResponse } from './http/http-response.ts';
export { RequestError } from './http/request-error.ts';
export type { RequestOptions } from './http/request-options.ts';
export type { RequestSample } from './http/request-sample.ts';
export { main as nodeMain } from './main.ts';
