import * as z from 'zod';
import { bufferOption, noReuseOption } from './connection-options.ts';
import type { ExchangeProtocol } from './exchange/exchange-protocol.ts';
import { checkSmtpCode } from './smtp/native-error.ts';
import { SmtpCodec } from './smtp/smtp-codec.ts';

/** SMTP with its usual extensions. */
export const smtpCodec: ExchangeProtocol<z.ZodObject> = {
  name: 'smtp',
  doc:
    'Finds commands (MAIL, RCPT, DATA, BDAT, RSET, ...) and the message after DATA, which is a request of its own, ' +
    '`DATA message`. An error is a reply with a code from 400 to 599, by default 451, and an enhanced status code; 421 ' +
    'ends the connection. After an error in the place of MAIL or RCPT the server itself refuses what depends on it. An ' +
    'error for a message that the server waits for is followed by 421 and the end of the connection; after one for BDAT ' +
    'other chunks are refused until RSET. Greetings, EHLO, AUTH, STARTTLS and QUIT are never hit. After STARTTLS the ' +
    'connection is relayed without faults, and counted; so is LMTP.',
  options: z.strictObject({ reuse_socket: noReuseOption, buffer: bufferOption }),
  notes: {
    blackout: 'Cuts the connection at its next command; greeting, EHLO and AUTH pass.',
    delay: 'Holds each command, and the message after DATA, or their replies.',
    error: 'A reply of 451, or of `code`. For a message that the server waits for, the connection ends with it.',
    abort: 'Loses the reply: after that of a message, it is accepted, and the client does not know.',
  },
  refusal: { when: 'connected', bytes: Buffer.from('421 4.3.2 too many connections\r\n') },
  checkCode: checkSmtpCode,
  codec: () => () => new SmtpCodec(),
};
