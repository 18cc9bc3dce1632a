import type { Address } from '@loads/core';
import SmtpConnection from 'nodemailer/lib/smtp-connection';
import { smtpAvailable, startSmtpServer } from '../../servers/smtp.ts';
import type { Client, Driver } from '../driver.ts';

/** nodemailer, by the connection beneath its transports, with Exim. */
export const smtpDriver: Driver = {
  protocol: 'smtp',
  missing: () => (smtpAvailable() ? undefined : 'Exim is not installed: Debian package exim4-daemon-light'),
  requests: true,
  operations: { ask: 'RSET', write: 'MAIL', commit: 'DATA message' },
  code: 452,
  told(error) {
    if (!(error instanceof Error && 'responseCode' in error && 'response' in error)) return undefined;
    return { code: Number(error.responseCode), text: String(error.response) };
  },
  async open() {
    const server = await startSmtpServer();
    return {
      address: server,
      connect: connectTo,
      writes: () => server.accepted(),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};

async function connectTo({ host, port }: Address, timeoutMs: number): Promise<Client> {
  const connection = new SmtpConnection({ host, port, ignoreTLS: true, socketTimeout: timeoutMs });
  // A request under way is told of the end of the connection by nobody else.
  connection.on('error', () => undefined);
  const during = <T>(
    action: (done: (error: Error | null | undefined, value?: T) => void) => void,
  ): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const ended = (error?: Error): void => reject(error ?? new Error('the connection was closed'));
      connection.once('error', ended).once('end', ended);
      action((error, value) => {
        connection.off('error', ended).off('end', ended);
        if (error) reject(error);
        else resolve(value);
      });
    });
  await during((done) => connection.connect(done));
  return {
    async ask() {
      await during((done) => connection.reset(done));
      return String(connection.lastServerResponse);
    },
    async write() {
      const envelope = { from: 'ann@shop.test', to: ['bob@shop.test'] };
      await during((done) => connection.send(envelope, 'Subject: hello\r\n\r\nworld\r\n', done));
    },
    async [Symbol.asyncDispose]() {
      connection.close();
    },
  };
}
