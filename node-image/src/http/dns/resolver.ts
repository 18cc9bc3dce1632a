import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { DnsOptions } from './dns-options.ts';

/** Finds all addresses of a name. Rejects when there is none. */
export type FindAddresses = (hostname: string, family: 0 | 4 | 6) => Promise<readonly LookupAddress[]>;

type Known = { readonly addresses: Promise<readonly LookupAddress[]>; untilMs: number; taken: number };

/** Names that are kept; starting over is cheaper than an order of use. */
const MOST_NAMES = 1000;

/** The addresses of names, kept for as long as the options say. Those who ask for a name at the same time wait for one look-up. */
export class Resolver {
  readonly #ttlMs: number;
  readonly #select: NonNullable<DnsOptions['select']>;
  readonly #family: 0 | 4 | 6;
  readonly #find: FindAddresses;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #known = new Map<string, Known>();

  constructor(
    { ttlMs = 0, select = 'first', family }: DnsOptions,
    find: FindAddresses = findAddresses,
    now: () => number = () => performance.now(),
    random: () => number = Math.random,
  ) {
    if (!(ttlMs >= 0)) throw new TypeError(`dns.ttlMs is ${ttlMs}, expected a number of 0 or more`);
    if (!SELECTIONS.includes(select))
      throw new TypeError(`dns.select is '${select}', expected ${SELECTIONS.join(', ')}`);
    this.#ttlMs = ttlMs;
    this.#select = select;
    this.#family = family ?? 0;
    this.#find = find;
    this.#now = now;
    this.#random = random;
  }

  /** The addresses that a connection may try, in order. Rejects when the name has none. */
  async addresses(hostname: string): Promise<readonly LookupAddress[]> {
    const known = this.#knownOf(hostname);
    const all = await known.addresses;
    if (this.#select === 'first' || all.length < 2) return all;
    const at = this.#select === 'random' ? Math.floor(this.#random() * all.length) : known.taken++ % all.length;
    return all.slice(at, at + 1);
  }

  /** The same as `net.connect` takes it. */
  readonly lookup: LookupFunction = (hostname, { all }, callback) => {
    this.addresses(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (all === true) callback(null, [...addresses]);
        else if (first !== undefined) callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };

  #knownOf(hostname: string): Known {
    const known = this.#known.get(hostname);
    if (known !== undefined && this.#now() < known.untilMs) return known;
    if (this.#known.size >= MOST_NAMES) this.#known.clear();
    const asked: Known = {
      addresses: this.#find(hostname, this.#family),
      untilMs: Number.POSITIVE_INFINITY,
      // The turn goes on over look-ups.
      taken: known?.taken ?? 0,
    };
    this.#known.set(hostname, asked);
    asked.addresses.then(
      () => {
        asked.untilMs = this.#now() + this.#ttlMs;
      },
      // What is not found is asked for again.
      () => {
        asked.untilMs = 0;
      },
    );
    return asked;
  }
}

const SELECTIONS: readonly string[] = ['first', 'round-robin', 'random'];

/** The resolver of this process for some options: workers share it, or each would begin its turn at the same address. */
export function resolverOf({ ttlMs, select, family }: DnsOptions): Resolver {
  const key = `${ttlMs} ${select} ${family}`;
  let resolver = resolvers.get(key);
  if (resolver === undefined) {
    resolver = new Resolver({ ttlMs, select, family });
    resolvers.set(key, resolver);
  }
  return resolver;
}

const resolvers = new Map<string, Resolver>();

function findAddresses(hostname: string, family: 0 | 4 | 6): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true, family }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });
}
