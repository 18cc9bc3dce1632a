import type { Secret, Template, Value, ValueMap } from './source/value.ts';

/** A request of a recording or a description, ready to be written. */
export type ImportedRequest = {
  /** Its name in metrics and reports. */
  readonly name: string;
  readonly method: string;
  /** Relative to the target, or absolute where it goes elsewhere. */
  readonly url: string | Secret | Template;
  readonly headers: ValueMap;
  readonly body?: { readonly as: 'json' | 'body'; readonly value: Value } | undefined;
  /** Which status is right: one, a hundred of them (`2XX`), or any that is no failure. */
  readonly expected: number | `${number}XX` | 'any';
  /** A pause before it, in ms. */
  readonly thinkMs?: number | undefined;
};

/** Requests that belong together: of a page, of a tag. */
export type ImportedStep = { readonly name: string; readonly requests: readonly ImportedRequest[] };

export type ImportedScenario = {
  readonly name: string;
  /** Where it came from, in a line. */
  readonly origin: string;
  readonly target: string | undefined;
  /** A single one is not grouped. */
  readonly steps: readonly ImportedStep[];
  /** The variables that hold its secrets. */
  readonly secrets: readonly string[];
  /** What was left out, or has to be known. */
  readonly notes: readonly string[];
};
