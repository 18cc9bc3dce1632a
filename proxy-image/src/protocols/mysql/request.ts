import type { Request } from '../exchange/codec.ts';
import type { ResponseForm } from './commands.ts';
import type { TransactionStep } from './sql-verb.ts';

export type MysqlRequest = Request & {
  /** First byte of the command; undefined for the login that begins the connection. */
  readonly command: number | undefined;
  readonly response: ResponseForm;
  /** The verb of its statement, for a PREPARE to pass on to its statement's executions. */
  readonly verb: string | undefined;
  /** Of an execution or a CLOSE. */
  readonly statementId: number | undefined;
  /** What its statement does to the transaction, when that is all it does. */
  readonly transaction: TransactionStep | undefined;
  /** The sequence id of its latest packet; the answer has the next one. */
  sequence: number;
};

/** Whether this codec has made the request. */
export function isMysqlRequest(request: Request): request is MysqlRequest {
  return 'sequence' in request && 'response' in request;
}
