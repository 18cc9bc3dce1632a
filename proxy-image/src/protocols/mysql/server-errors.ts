/** An error of MySQL and MariaDB servers. */
export type ServerError = {
  readonly code: number;
  readonly name: string;
  readonly sqlState: string;
  /** The server's own words, without their variable parts. */
  readonly message: string;
  /** The server closes the connection after it. */
  readonly closes?: true;
};

/** What a client is told when nothing else is asked for: the statement did not happen, and the transaction stays as it was. */
export const DEFAULT_ERROR: ServerError = {
  code: 1205,
  name: 'ER_LOCK_WAIT_TIMEOUT',
  sqlState: 'HY000',
  message: 'Lock wait timeout exceeded; try restarting transaction',
};

export const UNKNOWN_STATEMENT: ServerError = {
  code: 1243,
  name: 'ER_UNKNOWN_STMT_HANDLER',
  sqlState: 'HY000',
  message: 'Unknown prepared statement handler',
};

/** The errors of servers that are well known (MySQL 8.4 Error Message Reference; MariaDB's errmsg-utf8.txt). */
export const SERVER_ERRORS: readonly ServerError[] = [
  DEFAULT_ERROR,
  { code: 1020, name: 'ER_CHECKREAD', sqlState: 'HY000', message: 'Record has changed since last read' },
  { code: 1030, name: 'ER_GET_ERRNO', sqlState: 'HY000', message: 'Got error from storage engine' },
  { code: 1036, name: 'ER_OPEN_AS_READONLY', sqlState: 'HY000', message: 'Table is read only' },
  { code: 1037, name: 'ER_OUTOFMEMORY', sqlState: 'HY001', message: 'Out of memory; restart server and try again' },
  { code: 1040, name: 'ER_CON_COUNT_ERROR', sqlState: '08004', message: 'Too many connections', closes: true },
  { code: 1041, name: 'ER_OUT_OF_RESOURCES', sqlState: 'HY000', message: 'Out of memory' },
  { code: 1044, name: 'ER_DBACCESS_DENIED_ERROR', sqlState: '42000', message: 'Access denied for user to database' },
  { code: 1045, name: 'ER_ACCESS_DENIED_ERROR', sqlState: '28000', message: 'Access denied for user' },
  { code: 1046, name: 'ER_NO_DB_ERROR', sqlState: '3D000', message: 'No database selected' },
  { code: 1048, name: 'ER_BAD_NULL_ERROR', sqlState: '23000', message: 'Column cannot be null' },
  { code: 1049, name: 'ER_BAD_DB_ERROR', sqlState: '42000', message: 'Unknown database' },
  { code: 1053, name: 'ER_SERVER_SHUTDOWN', sqlState: '08S01', message: 'Server shutdown in progress', closes: true },
  { code: 1054, name: 'ER_BAD_FIELD_ERROR', sqlState: '42S22', message: 'Unknown column' },
  { code: 1062, name: 'ER_DUP_ENTRY', sqlState: '23000', message: 'Duplicate entry for key' },
  { code: 1064, name: 'ER_PARSE_ERROR', sqlState: '42000', message: 'You have an error in your SQL syntax' },
  { code: 1080, name: 'ER_FORCING_CLOSE', sqlState: '08S01', message: 'Forcing close of thread', closes: true },
  { code: 1105, name: 'ER_UNKNOWN_ERROR', sqlState: 'HY000', message: 'Unknown error' },
  { code: 1114, name: 'ER_RECORD_FILE_FULL', sqlState: 'HY000', message: 'The table is full' },
  { code: 1129, name: 'ER_HOST_IS_BLOCKED', sqlState: 'HY000', message: 'Host is blocked', closes: true },
  { code: 1130, name: 'ER_HOST_NOT_PRIVILEGED', sqlState: 'HY000', message: 'Host is not allowed', closes: true },
  { code: 1142, name: 'ER_TABLEACCESS_DENIED_ERROR', sqlState: '42000', message: 'Command denied to user for table' },
  { code: 1146, name: 'ER_NO_SUCH_TABLE', sqlState: '42S02', message: "Table doesn't exist" },
  { code: 1152, name: 'ER_ABORTING_CONNECTION', sqlState: '08S01', message: 'Aborted connection', closes: true },
  {
    code: 1153,
    name: 'ER_NET_PACKET_TOO_LARGE',
    sqlState: '08S01',
    message: "Got a packet bigger than 'max_allowed_packet' bytes",
    closes: true,
  },
  {
    code: 1158,
    name: 'ER_NET_READ_ERROR',
    sqlState: '08S01',
    message: 'Got an error reading communication packets',
    closes: true,
  },
  {
    code: 1159,
    name: 'ER_NET_READ_INTERRUPTED',
    sqlState: '08S01',
    message: 'Got timeout reading communication packets',
    closes: true,
  },
  {
    code: 1160,
    name: 'ER_NET_ERROR_ON_WRITE',
    sqlState: '08S01',
    message: 'Got an error writing communication packets',
    closes: true,
  },
  {
    code: 1161,
    name: 'ER_NET_WRITE_INTERRUPTED',
    sqlState: '08S01',
    message: 'Got timeout writing communication packets',
    closes: true,
  },
  { code: 1184, name: 'ER_NEW_ABORTING_CONNECTION', sqlState: '08S01', message: 'Aborted connection', closes: true },
  {
    code: 1203,
    name: 'ER_TOO_MANY_USER_CONNECTIONS',
    sqlState: '42000',
    message: "User already has more than 'max_user_connections' active connections",
    closes: true,
  },
  { code: 1206, name: 'ER_LOCK_TABLE_FULL', sqlState: 'HY000', message: 'Locks exceed the lock table size' },
  {
    code: 1213,
    name: 'ER_LOCK_DEADLOCK',
    sqlState: '40001',
    message: 'Deadlock found when trying to get lock; try restarting transaction',
  },
  { code: 1226, name: 'ER_USER_LIMIT_REACHED', sqlState: '42000', message: 'User has exceeded a resource limit' },
  UNKNOWN_STATEMENT,
  {
    code: 1290,
    name: 'ER_OPTION_PREVENTS_STATEMENT',
    sqlState: 'HY000',
    message: 'The server is running with the --read-only option so it cannot execute this statement',
  },
  { code: 1317, name: 'ER_QUERY_INTERRUPTED', sqlState: '70100', message: 'Query execution was interrupted' },
  { code: 1364, name: 'ER_NO_DEFAULT_FOR_FIELD', sqlState: 'HY000', message: "Field doesn't have a default value" },
  { code: 1406, name: 'ER_DATA_TOO_LONG', sqlState: '22001', message: 'Data too long for column' },
  {
    code: 1451,
    name: 'ER_ROW_IS_REFERENCED_2',
    sqlState: '23000',
    message: 'Cannot delete or update a parent row: a foreign key constraint fails',
  },
  {
    code: 1452,
    name: 'ER_NO_REFERENCED_ROW_2',
    sqlState: '23000',
    message: 'Cannot add or update a child row: a foreign key constraint fails',
  },
  {
    code: 1461,
    name: 'ER_MAX_PREPARED_STMT_COUNT_REACHED',
    sqlState: '42000',
    message: "Can't create more than max_prepared_stmt_count statements",
  },
  {
    code: 1792,
    name: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
    sqlState: '25006',
    message: 'Cannot execute statement in a READ ONLY transaction',
  },
  { code: 1836, name: 'ER_READ_ONLY_MODE', sqlState: 'HY000', message: 'Running in read-only mode' },
  { code: 1927, name: 'ER_CONNECTION_KILLED', sqlState: '70100', message: 'Connection was killed', closes: true },
  {
    code: 1969,
    name: 'ER_STATEMENT_TIMEOUT',
    sqlState: '70100',
    message: 'Query execution was interrupted (max_statement_time exceeded)',
  },
  {
    code: 3024,
    name: 'ER_QUERY_TIMEOUT',
    sqlState: 'HY000',
    message: 'Query execution was interrupted, maximum statement execution time exceeded',
  },
  {
    code: 3101,
    name: 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT',
    sqlState: '40000',
    message: 'Plugin instructed the server to rollback the current transaction',
  },
  {
    code: 3572,
    name: 'ER_LOCK_NOWAIT',
    sqlState: 'HY000',
    message: 'Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set',
  },
  {
    code: 4031,
    name: 'ER_CLIENT_INTERACTION_TIMEOUT',
    sqlState: 'HY000',
    message: 'The client was disconnected by the server because of inactivity',
    closes: true,
  },
];
