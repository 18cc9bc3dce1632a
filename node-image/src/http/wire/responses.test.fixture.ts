import fc from 'fast-check';

/** A well-formed response: the request's method, its bytes (Latin-1), and what they say. */
export type Written = {
  readonly method: string;
  readonly bytes: string;
  readonly status: number;
  readonly body: string;
  /** It ends with the connection, since nothing else says where. */
  readonly untilClose: boolean;
};

const TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~0123456789abcxyzABCXYZ".split('');
const name = fc
  .string({ unit: fc.constantFrom(...TOKEN_CHARACTERS), minLength: 1, maxLength: 12 })
  .map((text) => `x-${text}`);
const latin1 = fc
  .integer({ min: 0x20, max: 0xff })
  .filter((code) => code !== 0x7f)
  .map((code) => String.fromCharCode(code));
const value = fc.string({ unit: latin1, maxLength: 20 });
const blank = fc.constantFrom('', ' ', '\t', '  ');
const field = fc
  .tuple(name, blank, value, blank)
  .map(([name, before, value, after]) => `${name}:${before}${value}${after}\r\n`);
const fields = fc.array(field, { maxLength: 5 }).map((lines) => lines.join(''));
const octets = fc.string({
  unit: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
const reason = fc.constantFrom(' OK', ' ', '', ' Not a Teapot', ' \xe4');
const informational = fc
  .array(
    fc.tuple(fc.constantFrom(102, 103), fields).map(([status, fields]) => `HTTP/1.1 ${status} Wait\r\n${fields}\r\n`),
    { maxLength: 2 },
  )
  .map((heads) => heads.join(''));
const status = fc.constantFrom(200, 201, 302, 404, 500, 599);

type Framing = {
  readonly header: string;
  readonly body: string;
  readonly written: string;
  readonly untilClose: boolean;
};

const withLength: fc.Arbitrary<Framing> = fc
  .tuple(octets, fc.constantFrom('content-length', 'Content-Length'))
  .map(([body, name]) => ({ header: `${name}: ${body.length}\r\n`, body, written: body, untilClose: false }));

const chunk = fc
  .tuple(
    octets.filter((data) => data.length > 0),
    fc.constantFrom('', ';a=b', ';x', ';a="b; c";d'),
    fc.boolean(),
  )
  .map(([data, extension, upper]) => {
    const size = data.length.toString(16);
    return { data, written: `${upper ? size.toUpperCase() : `0${size}`}${extension}\r\n${data}\r\n` };
  });
const chunked: fc.Arbitrary<Framing> = fc
  .tuple(fc.array(chunk, { maxLength: 4 }), fields, fc.constantFrom('chunked', 'Chunked', 'gzip, chunked'))
  .map(([chunks, trailers, coding]) => ({
    header: `Transfer-Encoding: ${coding}\r\n`,
    body: chunks.map(({ data }) => data).join(''),
    written: `${chunks.map(({ written }) => written).join('')}0\r\n${trailers}\r\n`,
    untilClose: false,
  }));

const untilClose: fc.Arbitrary<Framing> = octets.map((body) => ({ header: '', body, written: body, untilClose: true }));

const withBody: fc.Arbitrary<Written> = fc
  .tuple(informational, status, reason, fields, fc.oneof(withLength, chunked, untilClose))
  .map(([before, status, reason, fields, { header, body, written, untilClose }]) => ({
    method: 'GET',
    bytes: `${before}HTTP/1.1 ${status}${reason}\r\n${fields}${header}\r\n${written}`,
    status,
    body,
    untilClose,
  }));

const withoutBody: fc.Arbitrary<Written> = fc
  .tuple(informational, fc.constantFrom(204, 304), fields)
  .map(([before, status, fields]) => ({
    method: 'GET',
    bytes: `${before}HTTP/1.1 ${status} Nothing\r\n${fields}\r\n`,
    status,
    body: '',
    untilClose: false,
  }));

const toHead: fc.Arbitrary<Written> = fc
  .tuple(informational, status, fields, fc.constantFrom('', 'content-length: 7\r\n', 'transfer-encoding: chunked\r\n'))
  .map(([before, status, fields, header]) => ({
    method: 'HEAD',
    bytes: `${before}HTTP/1.1 ${status} OK\r\n${fields}${header}\r\n`,
    status,
    body: '',
    untilClose: false,
  }));

/** Every kind of well-formed response. */
export const responses: fc.Arbitrary<Written> = fc.oneof(
  { weight: 4, arbitrary: withBody },
  { weight: 1, arbitrary: withoutBody },
  { weight: 1, arbitrary: toHead },
);

/** A byte that is put in, taken out or replaced: such as make a response malformed, or another one. */
export type Mutation = { readonly at: number; readonly remove: number; readonly insert: string };

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    at: fc.nat(300),
    remove: fc.nat(2),
    insert: fc.constantFrom(
      '',
      '\r',
      '\n',
      '\r\n',
      ' ',
      ':',
      ';',
      '0',
      'f',
      'g',
      ',',
      '\x00',
      '\xff',
      'HTTP/1.1 200 OK\r\n\r\n',
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

export function mutated(bytes: string, changes: readonly Mutation[]): string {
  let text = bytes;
  for (const { at, remove, insert } of changes) {
    const place = at % (text.length + 1);
    text = text.slice(0, place) + insert + text.slice(place + remove);
  }
  return text;
}
