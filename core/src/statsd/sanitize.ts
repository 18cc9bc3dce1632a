import { MAX_NAME_LENGTH } from './sample.ts';

// Control characters and lone surrogates (which UTF-8 cannot carry), and what has a meaning at that place of a line.
const NOT_IN_NAME = /[\p{Cc}\p{Cs}:|,#@{}]/gu;
const NOT_IN_KEY = /[\p{Cc}\p{Cs}:|,#]/gu;
const NOT_IN_VALUE = /[\p{Cc}\p{Cs}|,#]/gu;
const NOT_IN_MEMBER = /[\p{Cc}\p{Cs}|]/gu;

/** A text as the name of a metric: what has no place there becomes `_`; cut after 255 characters, never empty. */
export function sanitizeName(text: string): string {
  return text.slice(0, MAX_NAME_LENGTH).replace(NOT_IN_NAME, '_') || '_';
}

/** A text as the key of a tag, never empty. `__proto__` is no key that a plain object can hold. */
export function sanitizeTagKey(text: string): string {
  const key = text.replace(NOT_IN_KEY, '_') || '_';
  return key === '__proto__' ? '_proto_' : key;
}

/** A text as the value of a tag. A colon stays: a line parts key and value at the first. */
export function sanitizeTagValue(text: string): string {
  return text.replace(NOT_IN_VALUE, '_');
}

/** A text as the member of a set, never empty. */
export function sanitizeMember(text: string): string {
  return text.replace(NOT_IN_MEMBER, '_') || '_';
}
