import nodemailer from 'nodemailer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { smtpCodec } from '../../proxy-image/src/protocols/smtp.ts';
import { type SmtpServer, smtpAvailable, startSmtpServer } from '../servers/smtp.ts';
import { CodecTap } from './codec-tap.ts';
import { RawClient } from './raw-client.ts';

const MIB = 2 ** 20;
const MESSAGE = ['MAIL', 'RCPT', 'DATA', 'DATA message'];

describe.skipIf(!smtpAvailable())('Exim', () => {
  let server: SmtpServer;
  let tap: CodecTap;

  beforeAll(async () => {
    server = await startSmtpServer();
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    tap = await CodecTap.open(smtpCodec.codec({}), server);
  });

  afterEach(async () => {
    await tap[Symbol.asyncDispose]();
    expect(tap.problems).toEqual([]);
  });

  /** Sends mail through the tap. */
  function mailer(options: { readonly auth?: string; readonly pool?: boolean; readonly tls?: boolean } = {}) {
    const { auth, pool = false, tls = false } = options;
    const login = { auth: { user: server.user, pass: server.password }, authMethod: auth };
    const common = { ...tap.address, ignoreTLS: !tls, tls: { rejectUnauthorized: false }, ...(auth ? login : {}) };
    return nodemailer.createTransport(pool ? { ...common, pool: true, maxConnections: 3 } : common);
  }

  const mail = { from: 'ann@shop.test', to: 'bob@shop.test', subject: 'hello', text: 'world' };

  /** Everything was understood, and answered. */
  async function allWasFound(): Promise<void> {
    await tap.ended();
    expect({ opaque: tap.opaque, waiting: tap.waiting }).toEqual({ opaque: 0, waiting: 0 });
  }

  /** A connection that has said EHLO. */
  async function greeted(): Promise<RawClient> {
    const client = await RawClient.connect(tap.address);
    await client.until('\r\n');
    client.send('EHLO me\r\n');
    await client.until('250 HELP\r\n');
    return client;
  }

  test('a message', async () => {
    const before = await server.accepted();
    await mailer().sendMail(mail);
    await allWasFound();
    expect(tap.operations).toEqual(MESSAGE);
    expect(JSON.stringify(tap.requests)).not.toContain('shop.test');
    expect(await server.accepted()).toBe(before + 1);
  });

  test.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('a login with %s is no request', async (auth) => {
    await mailer({ auth }).sendMail(mail);
    await allWasFound();
    expect(tap.operations).toEqual(MESSAGE);
    expect(tap.requests.map(({ operation }) => operation)).toContain('AUTH');
  });

  test('several recipients, of whom one is refused', async () => {
    await mailer().sendMail({ ...mail, to: ['bob@shop.test', server.refused, 'eve@shop.test'] });
    await allWasFound();
    expect(tap.operations).toEqual(['MAIL', 'RCPT', 'RCPT', 'RCPT', 'DATA', 'DATA message']);
  });

  test('a big message with dots at its line starts', async () => {
    const before = await server.accepted();
    await mailer().sendMail({ ...mail, text: '.\r\n..\r\n.x\r\n'.repeat(MIB / 8), textEncoding: 'quoted-printable' });
    await allWasFound();
    expect(tap.operations).toEqual(MESSAGE);
    expect(await server.accepted()).toBe(before + 1);
  });

  test('a pool of connections', async () => {
    const pool = mailer({ pool: true });
    await Promise.all(Array.from({ length: 12 }, () => pool.sendMail(mail)));
    pool.close();
    await allWasFound();
    expect(tap.operations.filter((operation) => operation === 'DATA message')).toHaveLength(12);
  });

  test('after STARTTLS the connection is opaque, and goes on', async () => {
    const before = await server.accepted();
    await mailer({ tls: true, auth: 'PLAIN' }).sendMail(mail);
    await tap.ended();
    expect(tap.opaque).toBe(1);
    expect(tap.requests.map(({ operation }) => operation)).toEqual(['EHLO', 'STARTTLS']);
    expect(await server.accepted()).toBe(before + 1);
  });

  test('pipelined groups, with a DATA that is refused', async () => {
    const before = await server.accepted();
    using client = await greeted();
    client.send(`MAIL FROM:<a@a.test>\r\nRCPT TO:<${server.refused}>\r\nDATA\r\n`);
    await client.until('503 ');
    await client.until('\n');
    for (const line of ['VRFY bob@shop.test', 'NOOP', 'WHAT']) {
      client.send(`${line}\r\n`);
      await client.until('\n');
    }
    client.send('RSET\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<b@shop.test>\r\nDATA\r\n');
    await client.until('354 ');
    client.send('Subject: x\r\n\r\n..\r\n.\r').send('\nMAIL FROM:<a@a.test>\r\nRSET\r\nQUIT\r\n');
    await client.until('221 ');
    await allWasFound();
    const group = ['MAIL', 'RCPT', 'DATA'];
    const between = ['VRFY', 'NOOP', 'UNKNOWN', 'RSET'];
    expect(tap.operations).toEqual([...group, ...between, ...group, 'DATA message', 'MAIL', 'RSET']);
    expect(await server.accepted()).toBe(before + 1);
  });

  test('chunks, accepted and refused', async () => {
    const before = await server.accepted();
    using client = await greeted();
    const chunk = 'Subject: x\r\n\r\n.\r\nQUIT\r\n';
    client.send('MAIL FROM:<a@a.test>\r\nRCPT TO:<b@shop.test>\r\n');
    client.send(`BDAT ${chunk.length}\r\n${chunk}BDAT 2 LAST\r\n.\n`);
    await client.until('250 OK id=');
    client.send(`BDAT ${chunk.length} LAST\r\n${chunk}`);
    await client.until('503 ');
    client.send('RSET\r\nQUIT\r\n');
    await client.until('221 ');
    await allWasFound();
    expect(tap.operations).toEqual(['MAIL', 'RCPT', 'BDAT', 'BDAT', 'BDAT', 'RSET']);
    expect(await server.accepted()).toBe(before + 1);
  });

  test('an error in the place of DATA: the message is not sent', async () => {
    const before = await server.accepted();
    tap.fault = ({ operation }) => (operation === 'DATA' ? 'before' : undefined);
    await expect(mailer().sendMail(mail)).rejects.toMatchObject({ responseCode: 451, command: 'DATA' });
    await allWasFound();
    expect(await server.accepted()).toBe(before);
  });

  test('an error for a message that the server waits for ends the connection', async () => {
    const before = await server.accepted();
    tap.fault = ({ operation }) => (operation === 'DATA message' ? 'before' : undefined);
    await expect(mailer().sendMail(mail)).rejects.toMatchObject({ responseCode: 451 });
    await allWasFound();
    expect(await server.accepted()).toBe(before);
  });

  test('an error in the place of the answer to a message leaves it accepted', async () => {
    const before = await server.accepted();
    tap.fault = ({ operation }) => (operation === 'DATA message' ? 'forwarded' : undefined);
    await expect(mailer().sendMail(mail)).rejects.toMatchObject({ responseCode: 451 });
    await allWasFound();
    expect(await server.accepted()).toBe(before + 1);
  });

  test('an error for RCPT leaves the rest to the server', async () => {
    tap.fault = ({ operation }) => (operation === 'RCPT' ? 'before' : undefined);
    using client = await greeted();
    client.send('MAIL FROM:<a@a.test>\r\nRCPT TO:<b@shop.test>\r\nDATA\r\n');
    expect(await client.until('503 ')).toContain('(fault f1)');
    client.send('QUIT\r\n');
    await client.until('221 ');
    await allWasFound();
  });

  test('an error for a chunk keeps half a message from being accepted', async () => {
    const before = await server.accepted();
    let chunks = 0;
    tap.fault = ({ operation }) => (operation === 'BDAT' && chunks++ === 0 ? 'before' : undefined);
    using client = await greeted();
    client.send('MAIL FROM:<a@a.test>\r\nRCPT TO:<b@shop.test>\r\nBDAT 3\r\nabcBDAT 3 LAST\r\ndefRSET\r\nQUIT\r\n');
    const told = await client.until('221 ');
    expect(told.replace(/^(\d+).*\r\n/gm, '$1 ')).toMatch(/250 250 451 503 250 221 $/);
    await allWasFound();
    expect(await server.accepted()).toBe(before);
  });
});
