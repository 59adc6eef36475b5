/** A real time-stamp authority on this machine: `openssl ts` behind HTTP, with a root and a signer of its own. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface TestAuthority {
  readonly url: string
  /** PEM. */
  readonly root: string
  /** Called with each answer on its way; gives what is sent in its place. */
  tamper: ((answer: Uint8Array) => Uint8Array) | undefined
  status: number
  readonly requests: Buffer[]
  reply(request: Uint8Array): Promise<Buffer>
  close(): Promise<void>
}

const configuration = (folder: string) => `
[ca_extensions]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[tsa_extensions]
extendedKeyUsage = critical, timeStamping
[server_extensions]
extendedKeyUsage = serverAuth
[tsa]
default_tsa = tsa_config
[tsa_config]
dir = ${folder}
serial = ${folder}/serial
crypto_device = builtin
signer_cert = ${folder}/tsa.pem
certs = ${folder}/root.pem
signer_key = ${folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

/** @param purpose of the signer's certificate: one that is for servers must not stamp times */
export async function startAuthority(purpose: 'tsa' | 'server' = 'tsa'): Promise<TestAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-tsa-'))
  await mkdir(folder, { recursive: true })
  const path = (name: string) => join(folder, name)
  await writeFile(path('openssl.cnf'), configuration(folder))
  await writeFile(path('serial'), '01\n')
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-sha256']
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    path('root.key'),
    '-out',
    path('root.pem'),
    '-days',
    '30',
    '-subj',
    '/CN=Test time authority root',
    '-config',
    path('openssl.cnf'),
    '-extensions',
    'ca_extensions',
  )
  await openssl('req', '-new', ...key, '-keyout', path('tsa.key'), '-out', path('tsa.csr'), '-subj', '/CN=Test time authority', '-config', path('openssl.cnf'))
  await openssl(
    'x509',
    '-req',
    '-in',
    path('tsa.csr'),
    '-CA',
    path('root.pem'),
    '-CAkey',
    path('root.key'),
    '-CAcreateserial',
    '-out',
    path('tsa.pem'),
    '-days',
    '20',
    '-extfile',
    path('openssl.cnf'),
    '-extensions',
    `${purpose}_extensions`,
  )

  let count = 0
  async function reply(request: Uint8Array): Promise<Buffer> {
    const name = `request-${count++}`
    await writeFile(path(`${name}.tsq`), request)
    await openssl('ts', '-reply', '-config', path('openssl.cnf'), '-section', 'tsa_config', '-queryfile', path(`${name}.tsq`), '-out', path(`${name}.tsr`))
    return readFile(path(`${name}.tsr`))
  }

  const state: Pick<TestAuthority, 'tamper' | 'status'> = { tamper: undefined, status: 200 }
  const requests: Buffer[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', async () => {
      const body = Buffer.concat(parts)
      requests.push(body)
      const answer = await reply(body).catch(() => Buffer.alloc(0))
      response.writeHead(state.status, { 'content-type': 'application/timestamp-reply' }).end(state.tamper?.(answer) ?? answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    root: await readFile(path('root.pem'), 'utf8'),
    requests,
    reply,
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await rm(folder, { recursive: true, force: true })
    },
  })
}
