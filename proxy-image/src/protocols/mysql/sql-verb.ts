/**
 * The first words of statements of MySQL and MariaDB. Any other word is not shown: it may be data, and there would be
 * no end of them.
 */
const VERBS: ReadonlySet<string> = new Set(
  (
    'ALTER ANALYZE BACKUP BEGIN BINLOG CACHE CALL CHANGE CHECK CHECKSUM CLONE COMMIT CREATE DEALLOCATE DECLARE DELETE ' +
    'DESC DESCRIBE DO DROP EXECUTE EXPLAIN FLUSH FOR GET GRANT HANDLER HELP IF IMPORT INSERT INSTALL KILL LOAD LOCK ' +
    'LOOP OPTIMIZE PREPARE PURGE RELEASE RENAME REPAIR REPEAT REPLACE RESET RESIGNAL RESTART RESTORE REVOKE ROLLBACK ' +
    'SAVEPOINT SELECT SET SHOW SHUTDOWN SIGNAL START STOP TABLE TRUNCATE UNINSTALL UNLOCK UPDATE USE VALUES WHILE WITH XA'
  ).split(' '),
);

/** Space, comments, the frame of comments that are executed (`/*!50003 ... `), parentheses and empty statements. */
const BEFORE_VERB = /\s+|--(?=\s|$)[^\n]*|#[^\n]*|\/\*M?!\d*|\/\*[\s\S]*?\*\/|\*\/|[(;]/y;
const WORD = /[A-Za-z]+/y;

/** The verb of a statement, upper-cased, from its beginning. Undefined when there is none, or none that is known. */
export function sqlVerb(sql: string): string | undefined {
  let at = 0;
  for (;;) {
    BEFORE_VERB.lastIndex = at;
    if (!BEFORE_VERB.test(sql)) break;
    at = BEFORE_VERB.lastIndex;
  }
  WORD.lastIndex = at;
  const verb = WORD.exec(sql)?.[0].toUpperCase();
  return verb !== undefined && VERBS.has(verb) ? verb : undefined;
}

export type TransactionStep = 'begin' | 'commit' | 'rollback';

const LONGEST_STEP = 64;

/** What a whole statement does to the transaction, when it does nothing else. */
export function transactionStep(sql: string): TransactionStep | undefined {
  if (sql.length > LONGEST_STEP) return undefined;
  const words = sql.trim().replace(/;$/, '').trimEnd().toUpperCase().split(/\s+/);
  switch (words.join(' ')) {
    case 'START TRANSACTION':
    case 'BEGIN':
    case 'BEGIN WORK':
      return 'begin';
    case 'COMMIT':
    case 'COMMIT WORK':
      return 'commit';
    case 'ROLLBACK':
    case 'ROLLBACK WORK':
      return 'rollback';
    default:
      return undefined;
  }
}
