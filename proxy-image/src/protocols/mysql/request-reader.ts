import type { Capabilities } from './capabilities.ts';
import { CHANGE_USER, COMMANDS, QUERY, STMT_BULK_EXECUTE, STMT_CLOSE, STMT_EXECUTE, STMT_PREPARE } from './commands.ts';
import type { PacketReader } from './packet-reader.ts';
import { sqlAfterAttributes } from './query-attributes.ts';
import type { MysqlRequest } from './request.ts';
import { sqlVerb, transactionStep } from './sql-verb.ts';
import type { Statements } from './statements.ts';

/** The exchange that begins the connection, from the client's response to the greeting on. */
export function loginRequest(sequence: number): MysqlRequest {
  return {
    operation: 'handshake',
    answered: true,
    judged: false,
    command: undefined,
    response: 'login',
    verb: undefined,
    statementId: undefined,
    transaction: undefined,
    sequence,
  };
}

/** Reads a command from the beginning of its packet. Undefined when it is none that is understood. */
export function readCommand(
  { payload, length, sequence }: PacketReader,
  capabilities: Capabilities,
  statements: Statements,
): MysqlRequest | undefined {
  const command = payload[0];
  const known = command === undefined ? undefined : COMMANDS.get(command);
  if (command === undefined || !known || sequence !== 0) return undefined;
  const sql = sqlOf(command, payload, capabilities);
  const statementId = statementIdOf(command, payload);
  const verb = sql === undefined ? verbOf(statementId, statements) : sqlVerb(sql);
  const answered = known.response !== 'none';
  return {
    operation: command === STMT_CLOSE ? known.name : (verb ?? known.name),
    answered,
    // An error could not be told where no answer is awaited, and what a fault does to a login is no fault of a request.
    judged: answered && command !== CHANGE_USER,
    command,
    response: known.response,
    verb,
    statementId,
    transaction: command === QUERY && sql !== undefined && payload.length === length ? transactionStep(sql) : undefined,
    sequence,
  };
}

function verbOf(statementId: number | undefined, statements: Statements): string | undefined {
  return statementId === undefined ? undefined : statements.verbOf(statementId);
}

function sqlOf(command: number, payload: Buffer, { queryAttributes }: Capabilities): string | undefined {
  if (command !== QUERY && command !== STMT_PREPARE) return undefined;
  const start = command === QUERY && queryAttributes ? sqlAfterAttributes(payload) : 1;
  // The character sets of clients all have ASCII as it is, and nothing else is looked at.
  return start === undefined ? undefined : payload.toString('latin1', start);
}

function statementIdOf(command: number, payload: Buffer): number | undefined {
  const has = command === STMT_EXECUTE || command === STMT_BULK_EXECUTE || command === STMT_CLOSE;
  return has && payload.length >= 5 ? payload.readUInt32LE(1) : undefined;
}
