import { parseTag, type XmlTag } from './xml-tag.ts';

/** An element directly below the root, or the root's own tag, and the beginning of the CDATA in it, if it has any. */
export type XmlRecord = XmlTag & { readonly text?: string | undefined };

export type XmlRecordsOptions = {
  /** The name of the root. */
  readonly root: string;
  /** The names of records: where one begins, the one before has ended. */
  readonly records: ReadonlySet<string>;
  readonly onRecord: (record: XmlRecord) => void;
};

/** The longest tag; in a file that is something else there may be no end. */
const LONGEST_TAG = 1 << 20;
/** How much of a text is kept. */
const LONGEST_TEXT = 4096;
const CDATA = '<![CDATA[';
const COMMENT = '<!--';

/**
 * Reads XML of flat records while it comes: a root, and below it elements of attributes whose content, if any, is further tags of
 * attributes and CDATA. It is strict, and goes on at the next record after one that is damaged: in these tags no `<` and no `>` is
 * ever written unescaped, so that the next tag is known whatever is missing. Memory does not grow with the file.
 */
export class XmlRecords {
  readonly #options: XmlRecordsOptions;
  #rest = '';
  #at = 0;
  #mode: 'records' | 'content' | 'cdata' = 'records';
  /** The record whose content is being read. */
  #open: XmlTag | undefined;
  #text: string | undefined;
  #damaged = 0;
  #inDamage = false;
  #closed = false;

  constructor(options: XmlRecordsOptions) {
    this.#options = options;
  }

  /** How many places are damaged. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Whether the root was closed: a file that was not written to its end is not. */
  get closed(): boolean {
    return this.#closed;
  }

  write(chunk: string): void {
    this.#rest = this.#rest.slice(this.#at) + chunk;
    this.#at = 0;
    while (this.#step()) {
      // Each step takes a tag, or a stretch of text.
    }
  }

  /** There is no more: what is half there is not taken, which is no damage but a file that ends too early. */
  end(): void {
    this.#rest = '';
    this.#at = 0;
  }

  /** Takes what comes next; false when it is not there yet. */
  #step(): boolean {
    if (this.#mode === 'cdata') return this.#takeText();
    const begin = this.#rest.indexOf('<', this.#at);
    if (this.#rest.slice(this.#at, begin === -1 ? undefined : begin).trim() !== '') this.#damage();
    this.#at = begin === -1 ? this.#rest.length : begin;
    if (begin === -1) return false;
    for (const opening of [CDATA, COMMENT]) {
      const seen = this.#rest.slice(begin, begin + opening.length);
      if (seen === opening) return opening === CDATA ? this.#beginText() : this.#skipTo('-->');
      if (opening.startsWith(seen)) return false;
    }
    const end = this.#rest.indexOf('>', begin);
    const next = this.#rest.indexOf('<', begin + 1);
    if (next !== -1 && (end === -1 || next < end)) return this.#damage(next);
    if (end === -1) return this.#rest.length - begin > LONGEST_TAG ? this.#damage(this.#rest.length) : false;
    const text = this.#rest.slice(begin, end + 1);
    this.#at = end + 1;
    if (text.startsWith('<?')) return true;
    const tag = parseTag(text);
    if (!tag) return this.#damage(end + 1);
    if (this.#mode === 'content') this.#inside(tag, begin);
    else this.#record(tag);
    return true;
  }

  /** A tag between records. */
  #record(tag: XmlTag): void {
    const { name, kind } = tag;
    if (name === this.#options.root) {
      if (kind === 'close') this.#closed = true;
      else this.#give(tag);
    } else if (kind === 'close') this.#damage();
    else if (kind === 'empty') this.#give(tag);
    else if (!this.#options.records.has(name)) this.#damage();
    else {
      this.#open = tag;
      this.#text = undefined;
      this.#mode = 'content';
    }
  }

  /** A tag within a record. */
  #inside(tag: XmlTag, begin: number): void {
    const { root, records } = this.#options;
    const open = this.#open;
    if (tag.kind === 'close' && tag.name === open?.name) {
      this.#mode = 'records';
      this.#give({ ...open, ...(this.#text !== undefined && { text: this.#text }) });
    } else if (tag.name === root || records.has(tag.name)) {
      // The record has no end: this is the next one.
      this.#mode = 'records';
      this.#damage(begin);
    }
  }

  #beginText(): boolean {
    if (this.#mode === 'records') return this.#damage(this.#at + CDATA.length);
    this.#at += CDATA.length;
    this.#text ??= '';
    this.#mode = 'cdata';
    return true;
  }

  #takeText(): boolean {
    const end = this.#rest.indexOf(']]>', this.#at);
    const to = end === -1 ? Math.max(this.#at, this.#rest.length - 2) : end;
    const room = LONGEST_TEXT - (this.#text?.length ?? 0);
    if (room > 0) this.#text = (this.#text ?? '') + this.#rest.slice(this.#at, Math.min(to, this.#at + room));
    this.#at = end === -1 ? to : end + 3;
    if (end !== -1) this.#mode = 'content';
    return end !== -1;
  }

  #skipTo(end: string): boolean {
    const at = this.#rest.indexOf(end, this.#at);
    if (at === -1) return false;
    this.#at = at + end.length;
    return true;
  }

  #give(record: XmlRecord): void {
    this.#inDamage = false;
    this.#options.onRecord(record);
  }

  /** Neighbouring damages are one. Goes on at `at`. */
  #damage(at: number = this.#at): true {
    if (!this.#inDamage) this.#damaged += 1;
    this.#inDamage = true;
    this.#at = at;
    return true;
  }
}
