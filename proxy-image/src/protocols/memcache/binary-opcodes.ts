/** What a request of the binary protocol asks for. */
export type BinaryCommand = {
  /** As the text protocol has it, with `k` and `q` for its variants: `get`, `getkq`, `incr`. */
  readonly operation: string;
  /** Answered only when it fails, or, if it gets something, when there is something to get. */
  readonly quiet: boolean;
  readonly judged: boolean;
};

/** The opcodes of protocol-binary.xml, by number. A name that ends in `q` is quiet. */
const NAMES: readonly (readonly [number, string])[] = [
  [0x00, 'get'],
  [0x01, 'set'],
  [0x02, 'add'],
  [0x03, 'replace'],
  [0x04, 'delete'],
  [0x05, 'incr'],
  [0x06, 'decr'],
  [0x07, 'quit'],
  [0x08, 'flush_all'],
  [0x09, 'getq'],
  [0x0a, 'noop'],
  [0x0b, 'version'],
  [0x0c, 'getk'],
  [0x0d, 'getkq'],
  [0x0e, 'append'],
  [0x0f, 'prepend'],
  [0x10, 'stats'],
  [0x11, 'setq'],
  [0x12, 'addq'],
  [0x13, 'replaceq'],
  [0x14, 'deleteq'],
  [0x15, 'incrq'],
  [0x16, 'decrq'],
  [0x17, 'quitq'],
  [0x18, 'flush_allq'],
  [0x19, 'appendq'],
  [0x1a, 'prependq'],
  [0x1b, 'verbosity'],
  [0x1c, 'touch'],
  [0x1d, 'gat'],
  [0x1e, 'gatq'],
  [0x20, 'sasl_list_mechs'],
  [0x21, 'sasl_auth'],
  [0x22, 'sasl_step'],
  [0x23, 'gatk'],
  [0x24, 'gatkq'],
];

const UNJUDGED: ReadonlySet<string> = new Set(['quit', 'quitq', 'sasl_list_mechs', 'sasl_auth', 'sasl_step']);

const COMMANDS: ReadonlyMap<number, BinaryCommand> = new Map(
  NAMES.map(([opcode, operation]) => [
    opcode,
    { operation, quiet: operation.endsWith('q'), judged: !UNJUDGED.has(operation) },
  ]),
);

/** The opcode of STAT, which is answered by many packets. */
export const STATS = 0x10;

/** What an opcode stands for. Undefined for what turns a connection into a stream (TAP and DCP of Couchbase). */
export function binaryCommand(opcode: number): BinaryCommand | undefined {
  if (opcode >= 0x40 && opcode <= 0x5f) return undefined;
  return COMMANDS.get(opcode) ?? { operation: 'unknown', quiet: false, judged: true };
}

/** Whether nothing but an error, or a thing to be got, answers the opcode. */
export function isQuiet(opcode: number): boolean {
  return COMMANDS.get(opcode)?.quiet ?? false;
}
