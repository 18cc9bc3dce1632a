/** What an SQL statement does to the transaction, if it does anything. PREPARE TRANSACTION counts as a commit. */
export type TransactionStep = 'begin' | 'commit' | 'rollback' | 'rollback-to';

export type Statement = {
  /** Its first word, if that is one of PostgreSQL's commands; else `QUERY`. */
  readonly verb: string;
  readonly step?: TransactionStep | undefined;
  /** `AND CHAIN`: a new transaction follows at once. */
  readonly chain?: boolean;
  /** Nothing follows the statement. Told of commits only. */
  readonly alone?: boolean;
};

/** A word that is none of these may be data. */
const VERBS: ReadonlySet<string> = new Set(
  `ABORT ALTER ANALYZE BASE_BACKUP BEGIN CALL CHECKPOINT CLOSE CLUSTER COMMENT COMMIT COPY CREATE
  CREATE_REPLICATION_SLOT DEALLOCATE DECLARE DELETE DISCARD DO DROP DROP_REPLICATION_SLOT END EXECUTE EXPLAIN FETCH
  GRANT IDENTIFY_SYSTEM IMPORT INSERT LISTEN LOAD LOCK MERGE MOVE NOTIFY PREPARE READ_REPLICATION_SLOT REASSIGN REFRESH
  REINDEX RELEASE RESET REVOKE ROLLBACK SAVEPOINT SECURITY SELECT SET SHOW START START_REPLICATION TABLE
  TIMELINE_HISTORY TRUNCATE UNLISTEN UPDATE VACUUM VALUES WITH`.split(/\s+/),
);

const BLANKS = /(?:[\s;(]|--[^\n]*(?:\n|$))+/y;
const WORD = /[A-Za-z_]+/y;
const TRANSACTION_WORD = /^\s+TRANSACTION\b/i;
const PREPARED = /^\s+PREPARED\b/i;
const TO_SAVEPOINT = /^(?:\s+(?:WORK|TRANSACTION))?\s+TO\b/i;
const CHAIN = /^(?:\s+(?:WORK|TRANSACTION))?\s+AND\s+CHAIN\b/i;
const END_OF_COMMIT = /^(?:\s+(?:WORK|TRANSACTION))?(?:\s+AND(?:\s+NO)?\s+CHAIN)?\s*(?:;\s*)?$/i;
const END_OF_PREPARE = /^\s+TRANSACTION\s+'[^']*'\s*(?:;\s*)?$/i;

/** Reads the first statement of an SQL text, or of the beginning of one. */
export function readStatement(sql: string): Statement {
  const start = firstWord(sql);
  WORD.lastIndex = start;
  const verb = WORD.exec(sql)?.[0].toUpperCase() ?? '';
  const rest = sql.slice(start + verb.length);
  switch (verb) {
    case 'BEGIN':
      return { verb, step: 'begin' };
    case 'START':
      return { verb, step: TRANSACTION_WORD.test(rest) ? 'begin' : undefined };
    case 'COMMIT':
    case 'END':
      if (PREPARED.test(rest)) return { verb };
      return { verb, step: 'commit', chain: CHAIN.test(rest), alone: END_OF_COMMIT.test(rest) };
    case 'PREPARE':
      if (!TRANSACTION_WORD.test(rest)) return { verb };
      return { verb, step: 'commit', chain: false, alone: END_OF_PREPARE.test(rest) };
    case 'ROLLBACK':
    case 'ABORT':
      if (PREPARED.test(rest)) return { verb };
      if (TO_SAVEPOINT.test(rest)) return { verb, step: 'rollback-to' };
      return { verb, step: 'rollback', chain: CHAIN.test(rest) };
    default:
      return { verb: VERBS.has(verb) ? verb : 'QUERY' };
  }
}

/** The index after blanks, comments and parentheses. */
function firstWord(sql: string): number {
  for (let at = 0; ; ) {
    BLANKS.lastIndex = at;
    at += BLANKS.exec(sql)?.[0].length ?? 0;
    if (!sql.startsWith('/*', at)) return at;
    at = endOfComment(sql, at + 2);
  }
}

/** The index after a block comment, which may hold others. */
function endOfComment(sql: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  for (let depth = 1; depth > 0; ) {
    const mark = marks.exec(sql);
    if (!mark) return sql.length;
    depth += mark[0] === '/*' ? 1 : -1;
  }
  return marks.lastIndex;
}
