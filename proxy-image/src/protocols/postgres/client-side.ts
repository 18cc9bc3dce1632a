import type { ClientStep } from '../exchange/codec.ts';
import { Batch } from './batch.ts';
import { ExtendedMessages, sqlAt } from './extended-message.ts';
import { type AfterFailure, batchAfterFailure, queryAfterFailure, refusal } from './failed-transaction.ts';
import type { Link } from './link.ts';
import { MessageReader } from './message-reader.ts';
import { FROM_CLIENT, isClientType, isExtended } from './message-types.ts';
import { ready, sync } from './messages.ts';
import { StartupReader } from './startup.ts';
import { readStatement, type Statement } from './statement.ts';
import { Unit, type UnitKind } from './unit.ts';

/** Of a message, to find its names and the first word of its SQL. */
const PREFIX_BYTES = 1024;
/** Of messages that are held back until it is known what they are for. */
const LONGEST_HEAD = 8 * 1024;

const CONTINUATIONS: ReadonlySet<number> = new Set([
  FROM_CLIENT.password,
  FROM_CLIENT.copyData,
  FROM_CLIENT.copyDone,
  FROM_CLIENT.copyFail,
]);

/** Finds the requests in what the client sends. */
export class ClientSide {
  readonly #link: Link;
  readonly #startup = new StartupReader();
  readonly #reader = new MessageReader((type) => (CONTINUATIONS.has(type) ? 0 : PREFIX_BYTES));
  readonly #extended = new ExtendedMessages();
  #started = false;
  #continuing = false;
  #units = 0;
  /** The request whose head was given last. */
  #last: Unit | undefined;
  /** It is not complete. */
  #open = false;
  #batch: Batch | undefined;
  /** The bytes of a head that is not complete. */
  #held: Buffer[] = [];
  /** What a batch is that went on after a Flush. */
  #flushed: string | undefined;
  /** After the injected error of this request, which ended with Flush, the rest of its batch is discarded, up to Sync. */
  #discardAfter: Unit | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  read(chunk: Buffer, from: number): ClientStep {
    if (this.#link.lost) return { kind: 'opaque' };
    if (!this.#started) return this.#readStartup(chunk, from);
    this.#reader.at = from;
    const between = !this.#open && !this.#batch && this.#reader.idle;
    if (this.#continuing || (between && this.#continues(chunk[from]))) return this.#readContinued(chunk);
    return this.#readRequest(chunk, from);
  }

  #readStartup(chunk: Buffer, from: number): ClientStep {
    this.#startup.at = from;
    const reading = this.#startup.read(chunk);
    switch (reading.kind) {
      case 'head':
        return this.#begin({ kind: reading.unit, operation: reading.operation, judged: false }, this.#startup.at);
      case 'end':
        this.#started = this.#last?.kind === 'startup';
        return this.#complete(this.#startup.at);
      case 'invalid':
        return this.#lose();
      case 'starved':
        return { kind: 'more' };
    }
  }

  #continues(type: number | undefined): boolean {
    if (type === undefined) return false;
    return CONTINUATIONS.has(type) || (type === FROM_CLIENT.sync && this.#link.copying);
  }

  #readContinued(chunk: Buffer): ClientStep {
    const reader = this.#reader;
    this.#continuing = true;
    for (;;) {
      const reading = reader.read(chunk);
      if (reading === 'invalid') return this.#lose();
      if (reading === 'starved') return { kind: 'continued', end: reader.at };
      if (reading === 'prefix') continue;
      if (reader.type === FROM_CLIENT.sync) this.#link.copying = false;
      if (this.#continues(chunk[reader.at])) continue;
      this.#continuing = false;
      return { kind: 'continued', end: reader.at };
    }
  }

  #readRequest(chunk: Buffer, from: number): ClientStep {
    const reader = this.#reader;
    for (;;) {
      const type = reader.idle ? chunk[reader.at] : undefined;
      if (type !== undefined && !isClientType(type)) return this.#lose();
      const reading = reader.read(chunk);
      if (reading === 'invalid') return this.#lose();
      if (reading === 'starved') {
        if (!this.#open && from < chunk.length) this.#held.push(chunk.subarray(from));
        return { kind: 'more' };
      }
      const step =
        reading === 'end'
          ? this.#messageEnded()
          : this.#open
            ? this.#goOn()
            : this.#beginBy(chunk.subarray(from, reader.at));
      if (step) return step;
    }
  }

  /** A message has come, as far as its prefix, while no request is open; `bytes` are those of this chunk. */
  #beginBy(bytes: Buffer): ClientStep | undefined {
    const { type, prefix } = this.#reader;
    if (CONTINUATIONS.has(type)) return undefined;
    if (type === FROM_CLIENT.terminate) return this.#begin({ kind: 'one-way', operation: 'TERMINATE', judged: false });
    if (this.#discardAfter) return this.#beginDiscarded(this.#discardAfter);
    if (type === FROM_CLIENT.query) return this.#beginSimple(readStatement(sqlAt(prefix, 0)));
    if (type === FROM_CLIENT.functionCall) return this.#beginSimple({ verb: 'FUNCTION CALL' });
    return this.#beginExtended(type, prefix, bytes);
  }

  #beginDiscarded({ toldReady, told }: Unit): ClientStep {
    const status = told ?? (this.#link.transaction.failed ? 'E' : 'I');
    // The backend has seen the beginning of the batch, or none of it: a Sync is welcome either way.
    const instead = { toBackend: sync(), toClient: toldReady ? Buffer.alloc(0) : ready(status) };
    return this.#begin({ kind: 'discarded', operation: 'SYNC', judged: false, instead });
  }

  #beginSimple(statement: Statement): ClientStep {
    this.#flushed = undefined;
    const whole = this.#reader.whole;
    const failure = this.#link.transaction.failed
      ? queryAfterFailure(whole ? statement : { ...statement, alone: false })
      : 'forward';
    return this.#beginStatements('simple', statement.verb, [statement], failure);
  }

  #beginExtended(type: number, prefix: Buffer, bytes: Buffer): ClientStep | undefined {
    this.#batch ??= new Batch();
    const batch = this.#batch;
    batch.add(type, this.#reader.bytes, this.#extended.read(type, prefix));
    const failed = this.#link.transaction.failed && this.#flushed === undefined;
    const decided = failed ? batch.ended !== undefined : batch.decided || this.#flushed !== undefined;
    if (!decided && batch.bytes <= LONGEST_HEAD) return undefined;
    let failure: AfterFailure = 'forward';
    if (failed && !(batch.empty && batch.ended === 'flush')) {
      failure = batch.ended
        ? batchAfterFailure(Buffer.concat([...this.#held, bytes]), batch.statements, batch.ended)
        : refusal('sync');
    }
    return this.#beginStatements('extended', this.#flushed ?? batch.operation, batch.statements, failure, batch);
  }

  #beginStatements(
    kind: UnitKind,
    operation: string,
    statements: readonly Statement[],
    failure: AfterFailure,
    batch?: Batch,
  ): ClientStep {
    const judged = failure === 'forward' && this.#flushed === undefined && batch?.asks !== false;
    const answered = !(batch?.empty && batch.ended === 'flush');
    const replaced = failure === 'forward' ? {} : failure;
    const step = this.#begin({ kind, operation, judged, answered, messages: batch?.messages ?? 0, ...replaced });
    const unit = step.request;
    unit.ended = batch?.ended;
    if (failure !== 'forward' && failure.instead.toBackend === undefined) {
      unit.failed = true;
      unit.toldReady = unit.ended !== 'flush';
      unit.told = 'E';
    }
    for (const statement of statements) this.#link.transaction.expect(unit, statement);
    return step;
  }

  #begin(
    unit: Omit<ConstructorParameters<typeof Unit>[0], 'number'>,
    end: number = this.#reader.at,
  ): { readonly kind: 'head'; readonly end: number; readonly request: Unit } {
    const request = new Unit({ ...unit, number: ++this.#units });
    this.#last = request;
    this.#open = true;
    this.#batch = undefined;
    this.#held = [];
    return { kind: 'head', end, request };
  }

  /** A message of a request whose head was given, as far as its prefix. */
  #goOn(): undefined {
    const { type, prefix } = this.#reader;
    const unit = this.#last;
    if (unit?.kind !== 'extended' || !isExtended(type)) return;
    unit.messages++;
    const statement = this.#extended.read(type, prefix);
    if (statement && type !== FROM_CLIENT.describe) this.#link.transaction.expect(unit, statement);
  }

  #messageEnded(): ClientStep | undefined {
    const unit = this.#last;
    if (!this.#open || !unit) return undefined;
    const { type, at } = this.#reader;
    if (unit.kind === 'extended') {
      if (type === FROM_CLIENT.flush) return this.#endBatch(unit, 'flush');
      // A simple query ends a batch just as well.
      const ends = type === FROM_CLIENT.sync || type === FROM_CLIENT.query || type === FROM_CLIENT.functionCall;
      return ends ? this.#endBatch(unit, 'sync') : undefined;
    }
    if (unit.kind !== 'discarded') return this.#complete(at);
    if (type !== FROM_CLIENT.sync) return undefined;
    this.#discardAfter = undefined;
    this.#flushed = undefined;
    return this.#complete(at);
  }

  #endBatch(unit: Unit, ended: 'sync' | 'flush'): ClientStep {
    if (ended === 'flush' && unit.failed) this.#discardAfter = unit;
    unit.ended = ended;
    this.#flushed = ended === 'flush' && unit.answered ? unit.operation : undefined;
    return this.#complete(this.#reader.at);
  }

  #complete(end: number): ClientStep {
    this.#open = false;
    return { kind: 'complete', end };
  }

  #lose(): ClientStep {
    this.#link.lost = true;
    return { kind: 'opaque' };
  }
}
