import { unknownOption } from '../options/unknown-option.ts';
import { checkExpected } from './expected-status.ts';
import type { RequestOptions } from './request-options.ts';

/**
 * Throws a TypeError for an option of a request that there is not, and for an `expectStatus` that can expect nothing.
 * Scenarios make their options anew for each request, so that there is nothing to remember; but their names are known to the
 * engine, and to compare them takes some 50 ns a request, of more than 20 us.
 */
export function checkOptions(options: RequestOptions): void {
  for (const name in options) {
    const known = name as keyof RequestOptions;
    switch (known) {
      case 'name':
      case 'headers':
      case 'json':
      case 'body':
      case 'timeout':
      case 'auth':
      case 'cookies':
      case 'compress':
      case 'redirect':
      case 'maxRedirects':
        break;
      case 'expectStatus':
        checkExpected(options.expectStatus);
        break;
      default:
        throw unknownOption('a request', known satisfies never, NAMES);
    }
  }
}

const NAMES: readonly string[] = Object.keys({
  name: true,
  headers: true,
  json: true,
  body: true,
  timeout: true,
  expectStatus: true,
  auth: true,
  cookies: true,
  compress: true,
  redirect: true,
  maxRedirects: true,
} satisfies Record<keyof RequestOptions, true>);
