import { BlockList, isIP } from 'node:net';
import type { Selector } from '@loads/core';

export type { Selector } from '@loads/core';

/** What can be told of a unit. Each is asked only when somebody wants to know. */
export type About = {
  /** What is asked for, without data: `GET /items`. */
  readonly operation: string;
  /** The value of a field of the request, where it has fields. */
  header?(name: string): string | undefined;
};

/** What a selector looks at. */
export type Subject = { readonly client: string; readonly about: About };

/** A selector at work. It counts turns, so it is made anew whenever a rule comes into force. */
export class Selection {
  readonly #pattern: RegExp | undefined;
  readonly #network: ((address: string) => boolean) | undefined;
  readonly #fields: readonly (readonly [string, string])[];
  readonly #every: number;
  #seen = 0;

  constructor({ operation, client, header, every = 1 }: Selector) {
    this.#pattern = operation === undefined ? undefined : globPattern(operation);
    this.#network = client === undefined ? undefined : networkOf(client);
    this.#fields = Object.entries(header ?? {});
    this.#every = every;
  }

  /** Whether all but `every` selects the unit. */
  fits({ client, about }: Subject): boolean {
    if (this.#network && !this.#network(client)) return false;
    if (this.#pattern && !this.#pattern.test(about.operation)) return false;
    return this.#fields.every(([name, text]) => about.header?.(name)?.includes(text));
  }

  /** Counts one that fits; whether it is an nth. */
  takeTurn(): boolean {
    return ++this.#seen % this.#every === 0;
  }
}

function globPattern(glob: string): RegExp {
  const escaped = glob.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'is');
}

function networkOf(text: string): (address: string) => boolean {
  const [host = '', bits] = text.split('/');
  const list = new BlockList();
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) list.addAddress(host, family);
  else list.addSubnet(host, Number(bits), family);
  return (address) => list.check(plain(address), isIP(plain(address)) === 6 ? 'ipv6' : 'ipv4');
}

/** IPv4 clients of a socket that takes both families look like `::ffff:127.0.0.1`. */
function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
