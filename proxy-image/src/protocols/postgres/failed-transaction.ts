import { FROM_CLIENT } from './message-types.ts';
import { commandComplete, errorResponse, message, query, ready, sync } from './messages.ts';
import type { Statement } from './statement.ts';
import type { Instead } from './unit.ts';

/**
 * What is done with a request when the client's transaction has failed of an injected error and the backend's is
 * intact. `forward`: the request ends the transaction, or returns to a savepoint, on both sides. Else the client gets
 * what a server tells in a failed transaction; a commit becomes a rollback. `readies` is the number of ReadyForQuery
 * that the backend will send.
 */
export type AfterFailure = 'forward' | { readonly instead: Instead; readonly readies: number };

/** The answer to a simple query. */
export function queryAfterFailure(statement: Statement): AfterFailure {
  if (restores(statement)) return 'forward';
  if (statement.step === 'commit' && statement.alone) {
    const toClient = Buffer.concat([commandComplete('ROLLBACK'), readyAfter(statement)]);
    return { instead: { toBackend: rollback(statement), toClient }, readies: 1 };
  }
  return refusal('sync');
}

/**
 * The answer to a batch of the extended protocol. `batch` holds all its messages, `statements` those that it prepares
 * or binds, and `ended` tells whether it ends with Sync or with Flush.
 */
export function batchAfterFailure(
  batch: Buffer,
  statements: readonly Statement[],
  ended: 'sync' | 'flush',
): AfterFailure {
  const [first] = statements;
  if (first && restores(first)) return 'forward';
  if (ended === 'flush') return refusal('flush');
  const messages = split(batch);
  if (first && statements.every(({ step }) => step === 'commit')) {
    // Statements that are prepared, or closed, here must be so at the backend too.
    const kept = messages.filter(({ type }) => type === FROM_CLIENT.parse || type === FROM_CLIENT.close);
    const toBackend = Buffer.concat([rollback(first), ...kept.map(({ bytes }) => bytes), sync()]);
    const toClient = Buffer.concat([...messages.map(answerToCommit), readyAfter(first)]);
    return { instead: { toBackend, toClient }, readies: 2 };
  }
  if (messages.every(({ type }) => type === FROM_CLIENT.close || type === FROM_CLIENT.sync)) {
    const toClient = Buffer.concat([...messages.map(answerToCommit), ready('E')]);
    return { instead: { toBackend: batch, toClient }, readies: 1 };
  }
  return refusal('sync');
}

/** The answer to anything else: an error (25P02), after which a batch that has ended may go on. */
export function refusal(ended: 'sync' | 'flush'): AfterFailure {
  const error = errorResponse({
    severity: 'ERROR',
    code: '25P02',
    message: 'current transaction is aborted, commands ignored until end of transaction block',
  });
  const toClient = ended === 'sync' ? Buffer.concat([error, ready('E')]) : error;
  return { instead: { toBackend: undefined, toClient }, readies: 1 };
}

function restores({ step }: Statement): boolean {
  return step === 'rollback' || step === 'rollback-to';
}

function rollback({ chain }: Statement): Buffer {
  return query(chain ? 'ROLLBACK AND CHAIN' : 'ROLLBACK');
}

function readyAfter({ chain }: Statement): Buffer {
  return ready(chain ? 'T' : 'I');
}

type Message = { readonly type: number; readonly bytes: Buffer };

function split(batch: Buffer): readonly Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + 5 <= batch.length; ) {
    const end = at + 1 + batch.readUInt32BE(at + 1);
    messages.push({ type: batch[at] ?? 0, bytes: batch.subarray(at, end) });
    at = end;
  }
  return messages;
}

/** What a server answers to a message of a batch that commits a failed transaction. */
function answerToCommit({ type, bytes }: Message): Buffer {
  switch (type) {
    case FROM_CLIENT.parse:
      return message('1');
    case FROM_CLIENT.bind:
      return message('2');
    case FROM_CLIENT.close:
      return message('3');
    case FROM_CLIENT.describe: {
      const parameters = bytes.toString('latin1', 5, 6) === 'S' ? [message('t', Buffer.alloc(2))] : [];
      return Buffer.concat([...parameters, message('n')]);
    }
    case FROM_CLIENT.execute:
      return commandComplete('ROLLBACK');
    default:
      return Buffer.alloc(0);
  }
}
