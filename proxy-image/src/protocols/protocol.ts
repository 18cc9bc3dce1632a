import type * as z from 'zod';
import type { Refusal } from '../proxy/refusal.ts';
import type { Session } from './session.ts';

/**
 * How a protocol treats one connection: a state machine over the bytes of both sides. The session calls it, and the
 * protocol passes bytes on, or performs effects, through the session. After the session has cut, silenced or finished
 * the connection, nothing is called any more.
 */
export type ConnectionHandler = {
  fromClient(chunk: Buffer): void;
  /** The client has sent its last byte. */
  clientEnded(): void;
  fromBackend(chunk: Buffer): void;
  /** The backend has sent its last byte. */
  backendEnded(): void;
  /** The rules in force have changed. A protocol whose unit is the request has no need of it. */
  rulesChanged?(): void;
  /**
   * Whether it refers to nothing of what the backend sent once `fromBackend` has returned, other than by what it gave to
   * `toClient`. The memory is then used again, which is what makes it fast. Without it, chunks are the handler's own.
   */
  readonly keepsNothing?: boolean | undefined;
  /** Whether the client waits for something now, so that its silence is no idleness. Without it: never. */
  readonly busy?: boolean | undefined;
  /** Whether the backend's connection is as good as new now, so that another client may have it. Without it: never. */
  readonly reusable?: boolean | undefined;
};

/** Takes over a connection that was just accepted. May judge it and cut it before it returns. */
export type Protocol = (session: Session) => ConnectionHandler;

/** A protocol as it stands in the registry. */
export type ProtocolPlugin = {
  readonly name: string;
  readonly doc: string;
  /** The schema of its options, defaults included. */
  readonly options: z.ZodObject;
  /** What behaviors come to here, by their names, where their own documentation is too general. */
  readonly notes?: Readonly<Record<string, string>> | undefined;
  /** How a connection over the limit is told so. Without it, and under TLS, it is reset. */
  readonly refusal?: Refusal | undefined;
  /** What is wrong with an error code that a user chose for this protocol, or undefined. */
  checkCode(code: string | number): string | undefined;
  /** Takes options that the schema has parsed. */
  create(options: Readonly<Record<string, unknown>>): Protocol;
};
