import type { StatsdType } from '../metrics/vocabulary.ts';
import { parseDecimal } from './decimal.ts';
import { NO_SECTION, type ReadTags, readTags, type TagSection } from './read-tags.ts';
import { MAX_NAME_LENGTH, MAX_TAGS, type StatsdSample } from './sample.ts';
import { weightOfRate } from './sample-rate.ts';

/** Why a line was refused. */
export type LineProblem = 'no value' | 'no type' | 'name' | 'type' | 'value' | 'rate' | 'tags';

/**
 * Gives each sample of one statsd line to `onSample`: a plain line, one with several values, with a sample rate, with
 * tags as DogStatsD or as Telegraf writes them (`tagsOf` reads them). Sections that it does not know are skipped.
 * Returns what is wrong with a malformed line, of which no sample is given at all.
 */
export function parseLine(
  line: string,
  onSample: (sample: StatsdSample) => void,
  tagsOf: ReadTags = readTags,
): LineProblem | undefined {
  const colon = line.indexOf(':');
  if (colon === -1) return 'no value';
  const bar = line.indexOf('|', colon);
  if (bar === -1) return 'no type';
  const typeEnd = endOfSection(line, bar + 1);
  const type = typeOf(line.slice(bar + 1, typeEnd));
  if (type === undefined) return 'type';

  const head = line.slice(0, colon);
  const comma = head.indexOf(',');
  const name = comma === -1 ? head : head.slice(0, comma);
  if (name === '' || name.length > MAX_NAME_LENGTH || name.includes('|')) return 'name';

  let section = comma === -1 ? NO_SECTION : tagsOf(head.slice(comma + 1), '=');
  if (section.count < 0 || section.count > MAX_TAGS) return 'tags';
  let weight = 1;
  for (let start = typeEnd + 1; start < line.length; ) {
    const end = endOfSection(line, start);
    const mark = line.charCodeAt(start);
    if (mark === AT) {
      weight = weightOfRate(line.slice(start + 1, end));
      if (Number.isNaN(weight)) return 'rate';
    } else if (mark === HASH) {
      section = joined(section, tagsOf(line.slice(start + 1, end), ':'));
      if (section.count < 0 || section.count > MAX_TAGS) return 'tags';
    }
    start = end + 1;
  }
  return emit({ name, type, tags: section.tags, weight }, line.slice(colon + 1, bar), onSample);
}

const AT = 0x40;
const HASH = 0x23;
const PLUS = 0x2b;
const MINUS = 0x2d;

/** Two sections of one line: the last of equal keys wins. */
function joined(first: TagSection, second: TagSection): TagSection {
  if (first === NO_SECTION || second.count < 0) return second;
  return { tags: { ...first.tags, ...second.tags }, count: first.count + second.count };
}

function endOfSection(line: string, start: number): number {
  const bar = line.indexOf('|', start);
  return bar === -1 ? line.length : bar;
}

function typeOf(text: string): StatsdType | undefined {
  switch (text) {
    case 'c':
    case 'ms':
    case 'h':
    case 'd':
    case 'g':
    case 's':
      return text;
    default:
      return undefined;
  }
}

type Head = Pick<StatsdSample, 'name' | 'type' | 'tags' | 'weight'>;

function emit(head: Head, values: string, onSample: (sample: StatsdSample) => void): LineProblem | undefined {
  // A member of a set may contain a colon.
  if (head.type === 's' || !values.includes(':')) {
    const sample = sampleOf(head, values);
    if (sample === undefined) return 'value';
    onSample(sample);
    return undefined;
  }
  const samples: StatsdSample[] = [];
  for (const text of values.split(':')) {
    const sample = sampleOf(head, text);
    if (sample === undefined) return 'value';
    samples.push(sample);
  }
  samples.forEach(onSample);
  return undefined;
}

function sampleOf({ name, type, tags, weight }: Head, text: string): StatsdSample | undefined {
  if (type === 's') return text === '' ? undefined : { name, type, value: 1, weight: 1, delta: undefined, text, tags };
  const number = parseDecimal(text);
  if (Number.isNaN(number)) return undefined;
  if (type === 'c') {
    const value = number * weight;
    return Number.isFinite(value)
      ? { name, type, value, weight: 1, delta: undefined, text: undefined, tags }
      : undefined;
  }
  if (type === 'g') {
    const delta = isSigned(text) || undefined;
    return { name, type, value: number, weight: 1, delta, text: undefined, tags };
  }
  return number < 0 ? undefined : { name, type, value: number, weight, delta: undefined, text: undefined, tags };
}

function isSigned(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === PLUS || first === MINUS;
}
