/**
 * What a release is measured against: the same transport, the same handshake, and a transaction that begins, sets the tenant,
 * inserts the same bytes three times and commits. No decision, no keys, no masks, no proof. Runs as a process of its own.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:tls'
import Fastify from 'fastify'
import pg from 'pg'

const { connection, tls, grantBytes, entryBytes, eventBytes } = JSON.parse(readFileSync(0, 'utf8')) as {
  connection: pg.PoolConfig
  tls: { cert: string; key: string }
  grantBytes: number
  entryBytes: number
  eventBytes: number
}
const pool = new pg.Pool({ ...connection, max: 20 })
await pool.query(`CREATE SCHEMA IF NOT EXISTS reference;
  CREATE TABLE IF NOT EXISTS reference.one (tenant uuid, id uuid PRIMARY KEY, body bytea);
  CREATE TABLE IF NOT EXISTS reference.two (tenant uuid, id uuid PRIMARY KEY, body bytea);
  CREATE TABLE IF NOT EXISTS reference.three (tenant uuid, id uuid PRIMARY KEY, body bytea)`)
const tenant = '01980000-0000-7000-8000-000000000001'
const [grant, entry, event] = [Buffer.alloc(grantBytes, 'g'), Buffer.alloc(entryBytes, 'e'), Buffer.alloc(eventBytes, 'v')]

async function act(): Promise<string> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query("SELECT set_config('gatehouse.tenant', $1, true)", [tenant])
    const id = crypto.randomUUID()
    await client.query({ name: 'one', text: 'INSERT INTO reference.one VALUES ($1, $2, $3)', values: [tenant, id, grant] })
    await client.query({ name: 'two', text: 'INSERT INTO reference.two VALUES ($1, $2, $3)', values: [tenant, id, entry] })
    await client.query({ name: 'three', text: 'INSERT INTO reference.three VALUES ($1, $2, $3)', values: [tenant, id, event] })
    await client.query('COMMIT')
    return id
  } finally {
    client.release()
  }
}

const app = Fastify({ https: { ...tls, minVersion: 'TLSv1.2', requestCert: true, rejectUnauthorized: false } })
app.post('/reference', async () => ({ id: await act(), text: 'x'.repeat(400) }))
await app.listen({ host: '127.0.0.1', port: 0 })

const socket = createServer({ ...tls, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false }, (connection) => {
  connection.on('error', () => {})
  connection.once('data', () => {
    act().then(
      (id) => connection.end(`GATEHOUSE/1 200 {"id":"${id}","bytes":400}\n${'x'.repeat(400)}`),
      () => connection.destroy(),
    )
  })
})
await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve))
const portOf = (address: ReturnType<typeof socket.address>) => (typeof address === 'object' && address !== null ? address.port : 0)
process.stdout.write(`${JSON.stringify({ http: portOf(app.server.address()), socket: portOf(socket.address()) })}\n`)
