/** What every driver keeps to. SMTP is held to it against a real server; only the folder needs none. */
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../base/certificate.ts'
import type { SmtpConfig } from '../../base/config.ts'
import { type Egress, EgressError, openEgress } from '../egress.ts'
import { folderMail, lettersKeptMax } from './folder.ts'
import { checkLetter, type Mail, MailError } from './mail.ts'
import { smtpMail } from './smtp.ts'

interface Received {
  readonly recipients: string[]
  readonly message: string
  readonly secure: boolean
  readonly user: string | undefined
}

const received: Received[] = []
const servers: SMTPServer[] = []
const outs: Egress[] = []
let caFile: string
let certificate: { cert: string; key: string }

beforeAll(async () => {
  certificate = await makeCertificate(['localhost'], Date.now())
  caFile = join(await mkdtemp(join(tmpdir(), 'gatehouse-ca-')), 'ca.pem')
  await writeFile(caFile, certificate.cert)
})
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(resolve))))
  await Promise.all(outs.map((egress) => egress.close()))
})

async function smtpServer(options: Partial<SMTPServerOptions> = {}): Promise<number> {
  const server = new SMTPServer({
    ...certificate,
    secure: true,
    authOptional: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) => (password === 'right' ? done(null, { user: username ?? '' }) : done(new Error('no'))),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        received.push({
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          message: Buffer.concat(chunks).toString(),
          secure: session.secure,
          user: typeof session.user === 'string' ? session.user : undefined,
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.server.address() as AddressInfo).port
}

const loopback = ((_host: string, _options: object, done: (error: null, found: object[]) => void) => done(null, [{ address: '127.0.0.1', family: 4 }])) as never
function egress(allow: string[], more: { extraCaFile?: string } = { extraCaFile: caFile }): Egress {
  const made = openEgress({ allow, ...more }, loopback)
  outs.push(made)
  return made
}
const settings = (port: number, more: Partial<SmtpConfig> = {}): SmtpConfig => ({
  host: 'localhost',
  port,
  tls: 'implicit',
  login: undefined,
  from: 'gate@example.org',
  ...more,
})

interface Driver {
  readonly name: string
  open(): Promise<{ mail: Mail; last(): Promise<string> }>
}
const drivers: Driver[] = [
  {
    name: 'smtp',
    async open() {
      const port = await smtpServer()
      return { mail: smtpMail(egress([`localhost:${port}`]), settings(port)), last: async () => received.at(-1)?.message ?? '' }
    },
  },
  {
    name: 'folder',
    async open() {
      const directory = join(await mkdtemp(join(tmpdir(), 'gatehouse-mail-')), 'mail')
      let at = 0
      return {
        mail: folderMail(directory, () => ++at),
        last: async () => readFile(join(directory, (await readdir(directory)).sort().at(-1) ?? ''), 'utf8'),
      }
    },
  },
]

const letter = { to: 'ada@example.org', subject: 'An alert: Häufige Abfragen', text: 'Count: 3\nhttps://gate.example.org/alerts' }

describe.each(drivers)('$name', ({ open }) => {
  it.each([
    ['two addresses', { ...letter, to: 'ada@example.org, eve@example.org' }],
    ['no address', { ...letter, to: 'ada' }],
    ['a header in the subject', { ...letter, subject: 'An alert\r\nBcc: eve@example.org' }],
    ['no subject', { ...letter, subject: '' }],
    ['a text without end', { ...letter, text: 'x'.repeat(20_001) }],
  ])('refuses %s and does not repeat it', async (_, wrong) => {
    const { mail } = await open()
    const error = await mail.send(wrong).catch((fault: Error) => fault)
    expect(error).toBeInstanceOf(MailError)
    expect(String(error)).not.toMatch(/ada|eve/)
  })

  it('takes a letter with all that was written', async () => {
    const { mail, last } = await open()
    expect(await mail.send(letter)).toBe(mail.on ? 'sent' : 'kept')
    const message = await last()
    expect(message).toMatch(/^To: ada@example\.org\r?$/m)
    expect(message).toContain('Count: 3')
    expect(message).toMatch(/^Subject: =\?UTF-8\?/m)
    expect(message).toContain('https://gate.example.org/alerts')
  })
})

describe('smtp', () => {
  it('connects to no server that is not listed, and to no private address that is not listed by name', async () => {
    expect(() => smtpMail(egress(['localhost:1']), settings(2))).toThrow(EgressError)
    const port = await smtpServer()
    const hidden = smtpMail(egress(['*.example.org']), settings(port, { host: 'mail.example.org' }))
    await expect(hidden.send(letter)).rejects.toThrow('PRIVATE_ADDRESS')
    expect(() => egress(['*.0.0.1']).checkHost('127.0.0.1', port)).toThrow('private address')
  })

  it('believes no certificate that does not verify, and none for another name', async () => {
    const before = received.length
    const port = await smtpServer()
    await expect(smtpMail(egress(['localhost'], {}), settings(port)).send(letter)).rejects.toThrow(MailError)
    await expect(smtpMail(egress(['other.example']), settings(port, { host: 'other.example' })).send(letter)).rejects.toThrow(MailError)
    expect(received).toHaveLength(before)
  })

  it('says nothing where STARTTLS is not offered, and speaks under it where it is', async () => {
    const before = received.length
    const bare = await smtpServer({ secure: false, hideSTARTTLS: true, disabledCommands: ['STARTTLS'] })
    await expect(smtpMail(egress(['localhost']), settings(bare, { tls: 'starttls' })).send(letter)).rejects.toThrow(MailError)
    expect(received).toHaveLength(before)
    const port = await smtpServer({ secure: false })
    await smtpMail(egress(['localhost']), settings(port, { tls: 'starttls' })).send(letter)
    expect(received.at(-1)).toMatchObject({ secure: true, recipients: ['ada@example.org'] })
  })

  it('signs in, and tells a refusal by its code without the address', async () => {
    const port = await smtpServer({ authOptional: false })
    await smtpMail(egress(['localhost']), settings(port, { login: { user: 'gate', password: 'right' } })).send(letter)
    expect(received.at(-1)?.user).toBe('gate')
    const wrong = smtpMail(egress(['localhost']), settings(port, { login: { user: 'gate', password: 'wrong' } }))
    await expect(wrong.send(letter)).rejects.toThrow(`localhost:${port} did not take the letter (535)`)
    const full = await smtpServer({ onRcptTo: ({ address }, _session, done) => done(Object.assign(new Error(`${address} is full`), { responseCode: 452 })) })
    const error = await smtpMail(egress(['localhost']), settings(full))
      .send(letter)
      .catch((fault: Error) => fault)
    expect(String(error)).toMatch(/\(452\)$/)
  })

  it('gives up on a server that is not there', async () => {
    const port = await smtpServer()
    await new Promise<void>((resolve) => servers.at(-1)?.close(resolve))
    await expect(smtpMail(egress(['localhost']), settings(port)).send(letter)).rejects.toThrow('ECONNREFUSED')
  })
})

describe('the folder', () => {
  it('is for the node alone and keeps the newest letters', async () => {
    const directory = join(await mkdtemp(join(tmpdir(), 'gatehouse-mail-')), 'mail')
    let at = 0
    const mail = folderMail(directory, () => ++at)
    for (let count = 0; count < lettersKeptMax + 3; count++) await mail.send(letter)
    const names = (await readdir(directory)).sort()
    expect(names).toHaveLength(lettersKeptMax)
    expect(names[0]).toMatch(/^0+4-/)
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    expect((await stat(join(directory, names[0] ?? ''))).mode & 0o777).toBe(0o600)
  })
})

it('a letter in order is left as it is', () => {
  expect(checkLetter(letter)).toEqual(letter)
})
