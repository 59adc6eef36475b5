/** A PostgreSQL server over the network: TLS with a certificate that verifies, and a password. */
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@gatehouse/core/id'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { makeCertificate } from '@gatehouse/runtime/base/certificate'
import { openEgress } from '@gatehouse/runtime/data/egress'
import { serverAccount } from '@gatehouse/runtime/data/postgres/account'
import { type Cluster, startCluster } from '@gatehouse/runtime/data/postgres/cluster'
import type { Node } from '@gatehouse/runtime/door/node'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requestFor, rowsRead, tableNamed } from '../testing/reading.ts'
import { postgresql } from './connector.ts'

/** An address of this machine that nothing else listens at, so that the port may be the usual one. */
const [address, unnamed] = ['127.46.8.1', '127.46.8.2'] as const
let folder: string
let cluster: Cluster
const authority = (name: string) => join(folder, `${name}.pem`)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-tls-source-'))
  const data = join(folder, 'postgres/data')
  cluster = await startCluster({ instanceDir: folder, durable: false, searchPath: process.env.PATH })
  const account = await serverAccount()
  const identity = await makeCertificate([address], Date.now())
  for (const [name, { cert }] of Object.entries({ ours: identity, foreign: await makeCertificate([address], Date.now()) })) {
    await writeFile(authority(name), cert)
  }
  const settings = `listen_addresses = '${address},${unnamed}'\nssl = on\nssl_cert_file = 'server.crt'\nssl_key_file = 'server.key'\npassword_encryption = 'scram-sha-256'\n`
  for (const [name, text] of Object.entries({ 'server.crt': identity.cert, 'server.key': identity.key, 'local.conf': settings })) {
    await writeFile(join(data, name), text, { mode: 0o600 })
    if (account !== undefined) await chown(join(data, name), account.uid, account.gid)
  }
  // Who listens where is read at a start.
  await cluster.stop()
  cluster = await startCluster({ instanceDir: folder, durable: false, searchPath: process.env.PATH })
  const admin = new pg.Client(cluster.superuser)
  await admin.connect()
  await writeFile(join(data, 'pg_hba.conf'), `local all all peer map=node\nhostssl all reader ${address}/8 scram-sha-256\n`)
  await admin.query(`SELECT pg_reload_conf(); CREATE ROLE reader LOGIN PASSWORD 'a-long-secret';
    CREATE TABLE stays (id integer PRIMARY KEY, ward text); INSERT INTO stays VALUES (1, 'north'), (2, 'south'); 
    CREATE VIEW how AS SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid(); GRANT SELECT ON stays, how TO reader`)
  await admin.end()
})
afterAll(async () => {
  await cluster?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function open({ ca = 'ours', password = 'a-long-secret', host = address as string } = {}) {
  const source = { nowMs: Date.now, randomBytes: nodePrimitives.randomBytes }
  const node = { egress: openEgress({ allow: [address, unnamed], extraCaFile: authority(ca) }), source } as unknown as Node
  const settings = postgresql.settings.parse({ host, port: 5_432, database: 'postgres', tls: 'require' })
  return postgresql.open({ node, tenant: '01980000-0000-7000-8000-000000000001' as Id<'tenant'> }, settings, { user: 'reader', password })
}
const checked = async (options: Parameters<typeof open>[0]) => (await open(options)).check()

describe('a source over TLS', () => {
  it('is not spoken to where its certificate is of an authority that nobody named', async () => {
    await expect(checked({ ca: 'foreign' })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/certificate that does not verify.*GATEHOUSE_EXTRA_CA/),
    })
  })

  it('is not spoken to where its certificate is another place’s', async () => {
    await expect(checked({ host: unnamed })).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('certificate') })
  })

  it('refuses a wrong password, which no error repeats', async () => {
    const error = await checked({ password: 'a-wrong-secret' }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'refused', message: expect.stringContaining('does not take the user and the password') })
    expect(String((error as Error).stack)).not.toContain('a-wrong-secret')
  })

  it('is read with a certificate that verifies and the right password, encrypted all the way', async () => {
    const connection = await open()
    const table = await tableNamed(connection, 'public.stays')
    expect(await rowsRead(connection, requestFor(table))).toEqual([
      { id: 1, ward: 'north' },
      { id: 2, ward: 'south' },
    ])
    // As the server sees the connection that reads.
    expect(await rowsRead(connection, requestFor(await tableNamed(connection, 'public.how')))).toEqual([
      { ssl: true, version: expect.stringMatching(/^TLSv1\.[23]$/) },
    ])
    await connection.close()
  })
})
