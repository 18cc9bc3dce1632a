import { BlockList, isIP } from 'node:net';

/** Which units a rule may hit at all. What is not said, selects everything. */
export type Selector = {
  /** The operation, where `*` stands for any text: `GET /items*`, `HSET`, `INSERT`. Upper and lower case are alike. */
  readonly operation?: string | undefined;
  /** The client's address, or its network: `10.0.0.7`, `10.0.0.0/8`. */
  readonly client?: string | undefined;
  /** HTTP fields by lower-case name, each with the text that its value has to contain. */
  readonly header?: Readonly<Record<string, string>> | undefined;
  /** Only every nth of the units that the rest selects. */
  readonly every?: number | undefined;
};

/** What a selector looks at. */
export type Subject = {
  readonly client: string;
  operation(): string;
  /** The value of a field of the request, where it has fields. */
  header?(name: string): string | undefined;
};

/** Makes the test for a selector. It counts for `every`, so it is made anew whenever a rule comes into force. */
export function selects({ operation, client, header, every }: Selector): (subject: Subject) => boolean {
  const pattern = operation === undefined ? undefined : globPattern(operation);
  const network = client === undefined ? undefined : networkOf(client);
  const fields = Object.entries(header ?? {});
  let seen = 0;
  return (subject) => {
    if (network && !network(subject.client)) return false;
    if (pattern && !pattern.test(subject.operation())) return false;
    if (!fields.every(([name, text]) => subject.header?.(name)?.includes(text))) return false;
    return every === undefined || ++seen % every === 0;
  };
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
