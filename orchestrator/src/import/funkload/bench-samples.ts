import { type NodeResult, type Tags, TimelineRecorder } from '@loads/core';
import { BenchErrors, failureOf } from './bench-errors.ts';
import type { BenchRecord, BenchResponse, BenchTest } from './bench-record.ts';
import type { CycleWindow } from './bench-survey.ts';
import { methodOf, RequestNames } from './request-names.ts';
import { SampleSeries } from './sample-series.ts';

/** A page that a user is at: its requests come one after the other. */
type Page = { readonly step: string; readonly name: string; ms: number; endMs: number };

/** Takes the measurements of one node, as samples of a run that began at an instant. */
export class BenchSamples {
  readonly #startMs: number;
  readonly #server: string;
  readonly #timeline = new TimelineRecorder();
  readonly #series = new SampleSeries((series, fromMs) => this.#timeline.add(series, fromMs));
  readonly #errors = new BenchErrors();
  readonly #names = new RequestNames();
  readonly #pages = new Map<string, Page>();
  /** Users whose test has had a failed request, which is its failure. */
  readonly #failing = new Set<string>();
  #endMs = 0;

  /** `startMs` is epoch; `server` is where the paths of requests begin. */
  constructor(startMs: number, server: string) {
    this.#startMs = startMs;
    this.#server = server;
  }

  add(record: BenchRecord): void {
    const user = `${record.cycle}/${record.thread}`;
    this.#endMs = Math.max(this.#endMs, this.#endOf(record));
    if (record.kind === 'response') this.#addResponse(record, user);
    else this.#addTest(record, user);
  }

  /** What the node is known to have done, with its users in the windows of the cycles. */
  finish(
    cycles: readonly CycleWindow[],
  ): Pick<NodeResult, 'endedAtMs' | 'errors' | 'accounting' | 'timeline' | 'series'> {
    for (const [user, page] of this.#pages) this.#closePage(user, page, '');
    this.#series.finish();
    for (const { users, fromMs, toMs } of cycles) {
      const [first, last] = [fromMs, toMs].map((ms) => Math.floor((ms - this.#startMs) / 1000)) as [number, number];
      for (let second = first; second <= last; second++) {
        const gauge = {
          kind: 'gauge',
          last: users,
          lastAtMs: 0,
          min: users,
          max: users,
          sum: users,
          count: 1,
        } as const;
        this.#timeline.add([{ metric: 'vus', tags: {}, aggregate: gauge }], second * 1000);
      }
    }
    const { samples } = this.#series;
    return {
      endedAtMs: this.#startMs + this.#endMs,
      errors: this.#errors.all,
      accounting: { emitted: samples, received: samples, stored: samples, rejected: 0, kernelDrops: 0 },
      timeline: this.#timeline.timeline([]),
      series: this.#series.series,
    };
  }

  #addResponse(response: BenchResponse, user: string): void {
    const { test: scenario, status, ok, durationMs } = response;
    const atMs = this.#endOf(response);
    const name = this.#names.of(response);
    const code = status === undefined ? {} : { status: String(status) };
    const tags = { ...STEADY, scenario, name, method: methodOf(response), ...code };
    this.#series.record('http_reqs', tags, 1, atMs);
    this.#series.record('http_req_failed', tags, ok ? 0 : 1, atMs);
    this.#series.record('http_req_duration', tags, durationMs, atMs);
    this.#addToPage(response, user, name, atMs);
    if (ok) return;
    this.#failing.add(user);
    this.#series.record('failures', { ...STEADY, scenario, class: failureOf(response) }, 1, atMs);
    this.#errors.request(response, name, this.#server);
  }

  #addTest(test: BenchTest, user: string): void {
    const { test: scenario, ok, durationMs } = test;
    const atMs = this.#endOf(test);
    const page = this.#pages.get(user);
    if (page) this.#closePage(user, page, scenario);
    const tags: Tags = { ...STEADY, scenario };
    this.#series.record('iterations', tags, 1, atMs);
    this.#series.record('iteration_failed', tags, ok ? 0 : 1, atMs);
    this.#series.record('iteration_duration', tags, durationMs, atMs);
    const counted = this.#failing.delete(user);
    if (ok) return;
    if (!counted) this.#series.record('failures', { ...tags, class: 'assertion' }, 1, atMs);
    this.#errors.test(test);
  }

  #addToPage({ step, test, durationMs }: BenchResponse, user: string, name: string, endMs: number): void {
    const page = this.#pages.get(user);
    if (page?.step === step) {
      page.ms += durationMs;
      page.endMs = endMs;
      return;
    }
    if (page) this.#closePage(user, page, test);
    this.#pages.set(user, { step, name, ms: durationMs, endMs });
  }

  /** A page takes as long as all its requests together. */
  #closePage(user: string, { name, ms, endMs }: Page, scenario: string): void {
    this.#pages.delete(user);
    // One whose test has not ended may have had more requests.
    if (scenario !== '') this.#series.record('group_duration', { ...STEADY, scenario, group: name }, ms, endMs);
  }

  #endOf({ startMs, durationMs }: BenchRecord): number {
    return startMs + durationMs - this.#startMs;
  }
}

/** FunkLoad records while its users are all there, and has no faults. */
const STEADY: Tags = { phase: 'steady' };
