import { type TestDatabase, testDatabase } from '@gatehouse/runtime/data/testing/database'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { connectorContract } from '../testing/connector-contract.ts'
import { connectorContext } from '../testing/context.ts'
import { contractRows } from '../testing/contract-rows.ts'
import { postgresql } from './connector.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  await asOwner(async (client) => {
    await client.query('CREATE TABLE contract (id integer PRIMARY KEY, name text, score double precision, active boolean, born date, seen timestamptz)')
    await client.query('INSERT INTO contract SELECT * FROM json_populate_recordset(NULL::contract, $1)', [JSON.stringify(contractRows)])
  })
})
afterAll(() => database.drop())

async function asOwner<T>(act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(database.connection)
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}

const open = (more: object = {}, user = database.connection.user, password = 'right-secret') => {
  const { host, port, database: name } = database.connection
  const settings = postgresql.settings.parse({ host, port, database: name, tls: 'off', ...more })
  return postgresql.open(connectorContext([host, '127.0.0.1']), settings, { user, password })
}

connectorContract('PostgreSQL', () => ({
  table: 'public.contract',
  open,
  openAt: (port) => open({ host: '127.0.0.1', port }),
  openWrongly: () => open({}, 'nobody_here', 'wrong-secret'),
  secrets: ['right-secret', 'wrong-secret'],
  resumes: true,
  drift: () => asOwner(async (client) => void (await client.query('ALTER TABLE contract DROP COLUMN born, ALTER COLUMN score TYPE text'))),
}))
