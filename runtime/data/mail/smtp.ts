/**
 * Mail by SMTP (RFC 5321) under TLS: from the first byte, or by STARTTLS (RFC 3207) before anything is said. The connection is
 * the egress's, so the same allow list holds; a certificate that does not verify ends it.
 */
import { createTransport } from 'nodemailer'
import type { SmtpConfig } from '../../base/config.ts'
import { type Egress, EgressError } from '../egress.ts'
import { checkLetter, type Mail, MailError } from './mail.ts'

const connectTimeoutMs = 10_000
const silenceTimeoutMs = 20_000

/** @throws EgressError at once where the server is not on the allow list */
export function smtpMail(egress: Egress, { host, port, tls, login, from }: SmtpConfig): Mail {
  egress.checkHost(host, port)
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    tls: {
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(egress.authorities === undefined ? {} : { ca: [...egress.authorities] }),
    },
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_options, done) => {
      egress.open(host, port, connectTimeoutMs).then(
        (connection) => done(null, { connection }),
        (error: Error) => done(error, false),
      )
    },
  })
  return {
    on: true,
    async send(letter) {
      const { to, subject, text } = checkLetter(letter)
      try {
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
        return 'sent'
      } catch (error) {
        throw new MailError(`${host}:${port} did not take the letter (${reasonOf(error)})`)
      }
    },
  }
}

/** A server's own words may repeat the address, so only codes are kept. */
function reasonOf(error: unknown): string {
  if (error instanceof EgressError) return error.message
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown }
  return typeof responseCode === 'number' ? String(responseCode) : typeof code === 'string' ? code : 'no answer'
}
