/** How the response to a command is made up. */
export type ResponseForm =
  /** OK, ERR or EOF. */
  | 'ok'
  /** Results, of which there may be several, or a request for a local file. */
  | 'results'
  /** Rows of a cursor. */
  | 'rows'
  /** Column definitions up to an EOF. */
  | 'definitions'
  | 'prepared'
  /** One packet of any content. */
  | 'text'
  /** Whatever the plugins say to each other, up to OK or ERR. */
  | 'login'
  | 'none';

export type Command = { readonly name: string; readonly response: ResponseForm };

export const CHANGE_USER = 0x11;
export const QUERY = 0x03;
export const STMT_PREPARE = 0x16;
export const STMT_EXECUTE = 0x17;
export const STMT_CLOSE = 0x19;
export const RESET_CONNECTION = 0x1f;
/** MariaDB. */
export const STMT_BULK_EXECUTE = 0xfa;

/**
 * The commands that are understood, by their first byte. Absent are replication and cloning (COM_BINLOG_DUMP,
 * COM_BINLOG_DUMP_GTID, COM_TABLE_DUMP, COM_REGISTER_SLAVE, COM_CLONE), after which the connection is no dialogue of
 * requests and responses any more, and those that servers use among themselves only.
 */
export const COMMANDS: ReadonlyMap<number, Command> = new Map(
  (
    [
      [0x01, 'COM_QUIT', 'none'],
      [0x02, 'COM_INIT_DB', 'ok'],
      [QUERY, 'COM_QUERY', 'results'],
      [0x04, 'COM_FIELD_LIST', 'definitions'],
      [0x05, 'COM_CREATE_DB', 'ok'],
      [0x06, 'COM_DROP_DB', 'ok'],
      [0x07, 'COM_REFRESH', 'ok'],
      [0x08, 'COM_SHUTDOWN', 'ok'],
      [0x09, 'COM_STATISTICS', 'text'],
      [0x0a, 'COM_PROCESS_INFO', 'results'],
      [0x0c, 'COM_PROCESS_KILL', 'ok'],
      [0x0d, 'COM_DEBUG', 'ok'],
      [0x0e, 'COM_PING', 'ok'],
      [CHANGE_USER, 'COM_CHANGE_USER', 'login'],
      [STMT_PREPARE, 'COM_STMT_PREPARE', 'prepared'],
      [STMT_EXECUTE, 'COM_STMT_EXECUTE', 'results'],
      [0x18, 'COM_STMT_SEND_LONG_DATA', 'none'],
      [STMT_CLOSE, 'COM_STMT_CLOSE', 'none'],
      [0x1a, 'COM_STMT_RESET', 'ok'],
      [0x1b, 'COM_SET_OPTION', 'ok'],
      [0x1c, 'COM_STMT_FETCH', 'rows'],
      [RESET_CONNECTION, 'COM_RESET_CONNECTION', 'ok'],
      [STMT_BULK_EXECUTE, 'COM_STMT_BULK_EXECUTE', 'results'],
    ] satisfies [number, string, ResponseForm][]
  ).map(([byte, name, response]) => [byte, { name, response }]),
);
