import { SERVER_ERRORS, type ServerError } from './server-errors.ts';

const BY_CODE: ReadonlyMap<number, ServerError> = new Map(SERVER_ERRORS.map((error) => [error.code, error]));
const BY_NAME: ReadonlyMap<string, ServerError> = new Map(SERVER_ERRORS.map((error) => [error.name, error]));

/** The error that a user means by its number (1000-65535) or by its name (`ER_LOCK_DEADLOCK`), or what is wrong with it. */
export function serverError(code: string | number): ServerError | { readonly problem: string } {
  const named = BY_NAME.get(String(code));
  if (named) return named;
  const sqlState = SERVER_ERRORS.find((error) => error.sqlState === String(code));
  if (sqlState) return { problem: `${code} is an SQLSTATE: give the number of an error, such as ${sqlState.code}` };
  const number = /^\d+$/.test(String(code)) ? Number(code) : Number.NaN;
  if (!(number >= 1000 && number <= 65535)) {
    return {
      problem: `${code} is no error of a MySQL server: give a number of 1000-65535, or a name such as ${SERVER_ERRORS[0]?.name}`,
    };
  }
  // Clients make these up themselves, and take a server that sends one for broken.
  if ((number >= 2000 && number <= 2999) || (number >= 5000 && number <= 5999)) {
    return { problem: `${code} is an error of MySQL clients, that no server sends: cut the connection instead` };
  }
  return BY_CODE.get(number) ?? { code: number, name: '', sqlState: 'HY000', message: `Error ${number}` };
}

/** What is wrong with a code that a user has chosen. Undefined: nothing. */
export function checkCode(code: string | number): string | undefined {
  const error = serverError(code);
  return 'problem' in error ? error.problem : undefined;
}
