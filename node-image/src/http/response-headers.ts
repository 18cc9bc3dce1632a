/** Response headers by lower-case name; a field that came more than once has all its values. */
export type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What every transport can say of a response before its body. */
export interface ResponseHeaders {
  readonly status: number;
  /** The first value of a header, by lower-case name. Cheaper than `headers`. */
  header(name: string): string | undefined;
  readonly headers: HeaderRecord;
}
