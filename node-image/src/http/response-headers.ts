/** Response headers by lower-case name; a field that came more than once has all its values. */
export type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What every transport can say of a response before its body. */
export interface ResponseHeaders {
  readonly status: number;
  /** The first value of a header, by lower-case name. Cheaper than `headers`. */
  header(name: string): string | undefined;
  readonly headers: HeaderRecord;
  /** It sets cookies, or its body is encoded: seldom so, and cheap to know. */
  readonly marked: boolean;
}

/** Whether a header, by lower-case name, makes a response `marked`. */
export function marks(name: string): boolean {
  return name === 'set-cookie' || name === 'content-encoding';
}

/** All values of a header, by lower-case name. */
export function valuesOf({ headers }: ResponseHeaders, name: string): readonly string[] {
  const value = headers[name];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
