import { LoadsError } from '@loads/core';
import type { BehaviorList } from '../client/vaurien-client.ts';
import { isObject, meaning } from '../config/given.ts';

type Schema = { readonly type?: unknown; readonly anyOf?: readonly Schema[] };

/**
 * Reads flags that only the proxy knows, such as `--code 503 --no-before --match.every 2`, with the schemas of the
 * behaviors named in `name`. A dot leads into an object, and `--match-every` is `--match.every`, as `vaurien` has it.
 * Whether a flag is valid is the proxy's business.
 */
export function readFlags(args: readonly string[], { schemas }: BehaviorList, name: string): Record<string, unknown> {
  const named = name.split(',').map((share) => share.split(':').at(-1)?.trim() ?? '');
  const schemaOf = (key: string): Schema | undefined => {
    for (const one of named) {
      const found = Object.hasOwn(schemas, one) ? schemas[one]?.properties?.[key] : undefined;
      if (found) return found as Schema;
    }
    return undefined;
  };
  const options: Record<string, unknown> = {};
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const [, key = '', , text] = /^--([A-Za-z][\w.-]*)(=(.*))?$/s.exec(arg) ?? [];
    if (key === '')
      throw new LoadsError('ERR_USAGE', `expected an option such as --code 503, got '${arg}'`, {
        hint: 'see `vaurienctl --help`',
      });
    const negated = /^no-(.+)$/.exec(key)?.[1];
    const next = args[i + 1];
    if (text !== undefined) set(options, key, wanted(text, schemaOf(key)));
    else if (negated !== undefined) set(options, negated, false);
    else if (next === undefined || next.startsWith('--')) set(options, key, true);
    else {
      set(options, key, wanted(next, schemaOf(key)));
      i++;
    }
  }
  return options;
}

/** Where only a text is wanted, `503` stays one. */
function wanted(text: string, schema: Schema | undefined): unknown {
  return schema?.type === 'string' ? text : meaning(text);
}

function set(options: Record<string, unknown>, flag: string, value: unknown): void {
  const path = flag.replace(/^match-/, 'match.').split('.');
  // The names of fields are not ours, and have dashes of their own.
  const [group = '', key = '', ...field] = path.map((part, i) => (i > 1 ? part : part.replaceAll('-', '_')));
  if (path.length === 1) {
    options[group] = value;
    return;
  }
  const inner = isObject(options[group]) ? options[group] : {};
  options[group] = inner;
  if (field.length > 0) inner[key] = { ...(isObject(inner[key]) ? inner[key] : {}), [field.join('.')]: String(value) };
  // Fields are given one by one: `--match-header 'x-user: ann' --match-header 'x-tier: gold'`.
  else inner[key] = `${group}.${key}` === 'match.header' && key in inner ? [inner[key], value].flat() : value;
}
