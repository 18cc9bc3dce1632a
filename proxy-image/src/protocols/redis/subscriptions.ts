import type { ReplyReader } from './reply-reader.ts';

type Kind = 'channel' | 'pattern' | 'shard';

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['subscribe', 'channel'],
  ['unsubscribe', 'channel'],
  ['psubscribe', 'pattern'],
  ['punsubscribe', 'pattern'],
  ['ssubscribe', 'shard'],
  ['sunsubscribe', 'shard'],
]);

const MESSAGES: ReadonlySet<string> = new Set(['message', 'pmessage', 'smessage', 'sunsubscribe']);

/** A command that is answered by one confirmation for each channel, and how many channels it names. */
export type Subscribing = { readonly confirmation: string; readonly channels: number };

/** Whether a command is SUBSCRIBE, UNSUBSCRIBE or one of their kin. `count` is that of all its words. */
export function subscribing(operation: string, count: number): Subscribing | undefined {
  const confirmation = operation.toLowerCase();
  return KINDS.has(confirmation) ? { confirmation, channels: count - 1 } : undefined;
}

/** What a connection is subscribed to, counted from the server's confirmations. */
export class Subscriptions {
  readonly #counts: Record<Kind, number> = { channel: 0, pattern: 0, shard: 0 };
  #arrays = false;

  /** Whether messages come as arrays (RESP2), which nothing but their first element tells from replies. */
  get messagesAreArrays(): boolean {
    const { channel, pattern, shard } = this.#counts;
    return this.#arrays && channel + pattern + shard > 0;
  }

  /** How many confirmations the server has for a command that it begins to answer now. */
  confirmations({ confirmation, channels }: Subscribing): number {
    const kind = KINDS.get(confirmation) ?? 'channel';
    // Without a channel: one for each that there is, or a single one for none.
    return channels > 0 ? channels : Math.max(this.#counts[kind], 1);
  }

  /** Whether a value is a message to subscribers, in RESP2. */
  isMessage({ form, kind }: ReplyReader): boolean {
    return this.messagesAreArrays && form === '*' && MESSAGES.has(kind);
  }

  /** Takes a value in that the server has sent, maybe to answer `command`. */
  note({ form, kind, integer }: ReplyReader, command: Subscribing | undefined): void {
    const of = KINDS.get(kind);
    // Any array may begin with such a word, where none is expected.
    const expected = form === '>' || (form === '*' && (command !== undefined || this.messagesAreArrays));
    if (of === undefined || !expected) return;
    this.#arrays = form === '*';
    const { channel, pattern } = this.#counts;
    // A confirmation tells channels and patterns together, shard channels alone.
    if (of === 'shard') this.#counts.shard = integer;
    else this.#counts[of] = Math.max(integer - (of === 'channel' ? pattern : channel), 0);
  }

  /** RESET ends them all. */
  clear(): void {
    this.#counts.channel = 0;
    this.#counts.pattern = 0;
    this.#counts.shard = 0;
  }
}
