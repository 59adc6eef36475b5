/** What every table of the node must be, asked of PostgreSQL's own catalogue after all migrations. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { modules } from '../apps/server/modules.ts'
import { type Database, openPool } from '../runtime/data/db.ts'
import { runtimeWrappedKeys } from '../runtime/data/keys/wrapped-keys.ts'
import { migrate } from '../runtime/data/migrate.ts'
import { type TestDatabase, testDatabase } from '../runtime/data/testing/database.ts'
import { ownErasers } from '../runtime/door/own-erasers.ts'
import { migrationsOf } from '../runtime/door/testing/node.ts'

/** Keys over the persons' tables that do not hold the person, with the reason. */
const withoutSubject: Readonly<Record<string, string>> = {
  'credentials.credential.credential_tenant_id_list_place_fkey': 'a place in a status list names nobody, and stays when its person is forgotten',
  'credentials.credential.credential_tenant_id_type_id_fkey': 'a type is of the tenant',
  'credentials.offer.offer_tenant_id_type_id_fkey': 'a type is of the tenant',
  'documents.document.document_pkey': 'a document is of the tenant; only some are about a person',
  'identity.user.user_pkey': 'an account is of the tenant; only some are a person’s own',
  'identity.user.user_tenant_id_email_key': 'one address signs in to one account, whosever it is',
  'ledger.entry.entry_pkey': 'an entry is of the tenant’s log; only some concern a person',
  'notifications.notification.notification_of_event': 'a notification is of an account; only some accounts are a person’s own',
  'notifications.notification.notification_pkey': 'a notification is of an account; only some accounts are a person’s own',
  'notifications.notification.notification_unread': 'a notification is of an account; only some accounts are a person’s own',
  'notifications.preference.preference_pkey': 'a preference is of an account; only some accounts are a person’s own',
  'subjects.subject.subject_by_outside_id': 'the index that finds the person by the outside id cannot hold the person',
}

const sets = migrationsOf(modules)
const schemas = sets.map(({ module }) => module)
let raw: TestDatabase
let database: Database

beforeAll(async () => {
  raw = await testDatabase()
  database = openPool({ connection: raw.connection, poolSize: 2 })
  await migrate(database, sets)
})
afterAll(async () => {
  await database.close()
  await raw.drop()
})

const ask = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => (await database.pool.query<Row>(sql, values)).rows
/** Partitions are held to the same as their parents. */
const tables = `SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY($1)`
const keys = `SELECT t.name AS "table", i.relname AS key, x.indisprimary AS primary,
    array(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(n, place) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.n ORDER BY place) AS columns
  FROM (${tables}) t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indisunique`
const foreignKeys = `SELECT t.name AS "table", f.conname AS key, n.nspname AS target,
    array(SELECT a.attname::text FROM unnest(f.conkey) k JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k) AS columns
  FROM (${tables}) t JOIN pg_constraint f ON f.conrelid = t.oid AND f.contype = 'f' JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace n ON n.oid = r.relnamespace`

interface Key {
  readonly table: string
  readonly key: string
  readonly primary?: boolean
  readonly target?: string
  readonly columns: string[]
}

it('there are tables to look at, and none lies outside its module’s schema', async () => {
  expect((await ask(tables, [schemas])).length).toBeGreaterThan(20)
  const others = await ask<{ name: string }>(
    `SELECT nspname || '.' || relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE relkind IN ('r', 'p') AND nspname <> ALL($1) AND nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'gatehouse', 'job')`,
    [schemas],
  )
  expect(others).toEqual([])
})

it('every table has a primary key that begins with the tenant', async () => {
  const found = new Map((await ask<Key>(keys, [schemas])).filter(({ primary }) => primary).map(({ table, columns }) => [table, columns[0]]))
  const names = (await ask<{ name: string }>(tables, [schemas])).map(({ name }) => name)
  expect(names.filter((name) => found.get(name) !== 'tenant_id')).toEqual([])
})

it('row-level security is enabled and forced on every table, and its policy asks for the tenant on reading and on writing', async () => {
  const policies = await ask<{ name: string; using: string; check: string | null }>(
    "SELECT schemaname || '.' || tablename AS name, qual AS using, with_check AS check FROM pg_policies WHERE schemaname = ANY($1)",
    [schemas],
  )
  const strict = new Set(
    policies.filter(({ using, check }) => /visible\(tenant_id\)/.test(using) && /visible\(tenant_id\)/.test(check ?? '')).map(({ name }) => name),
  )
  const all = await ask<{ name: string; enabled: boolean; forced: boolean }>(tables, [schemas])
  expect(all.filter(({ name, enabled, forced }) => !(enabled && forced && strict.has(name))).map(({ name }) => name)).toEqual([])
  expect(policies).toHaveLength(all.length)
})

it('tables about persons hold the person in every unique key and foreign key, but for those named with a reason', async () => {
  const about = new Set(
    (await ask<{ name: string }>(`SELECT t.name FROM (${tables}) t JOIN pg_attribute a ON a.attrelid = t.oid WHERE a.attname = 'subject_id'`, [schemas])).map(
      ({ name }) => name,
    ),
  )
  const found = [...(await ask<Key>(keys, [schemas])), ...(await ask<Key>(foreignKeys, [schemas]))]
  const without = found.filter(({ table, columns }) => about.has(table) && !columns.includes('subject_id')).map(({ table, key }) => `${table}.${key}`)
  expect(without.sort()).toEqual(Object.keys(withoutSubject).sort())
  expect(about.size).toBeGreaterThan(0)
})

it('every foreign key holds the tenant and stays within its schema', async () => {
  const found = await ask<Key>(foreignKeys, [schemas])
  expect(found.filter(({ table, target, columns }) => table.split('.')[0] !== target || !columns.includes('tenant_id')).map(({ key }) => key)).toEqual([])
  expect(found.length).toBeGreaterThan(0)
})

it('nothing counts by itself: there is no sequence', async () => {
  expect(await ask("SELECT sequence_schema, sequence_name FROM information_schema.sequences WHERE sequence_schema NOT IN ('job')")).toEqual([])
})

it('times have a zone', async () => {
  const naive = await ask<{ name: string }>(
    "SELECT table_schema || '.' || table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = ANY($1) AND data_type = 'timestamp without time zone'",
    [schemas],
  )
  expect(naive).toEqual([])
})

it('the role is bound by all this: no superuser, and nobody who may bypass row-level security', async () => {
  expect(await ask('SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user')).toEqual([{ rolsuper: false, rolbypassrls: false }])
})

it('every table that keeps something under a tenant’s key is in the list that rotation walks over', async () => {
  const listed = [...runtimeWrappedKeys, ...modules.flatMap((module) => module.wrappedKeys ?? [])].map(({ table }) => table)
  const keeping = await ask<{ name: string }>(`SELECT t.name FROM (${tables}) t JOIN pg_attribute a ON a.attrelid = t.oid WHERE a.attname = 'kek_version'`, [
    schemas,
  ])
  expect(listed.sort()).toEqual(keeping.map(({ name }) => name).sort())
})

it('every table about persons is reached by the eraser of its module, or stays for a reason that is told', async () => {
  const erasers = [...ownErasers, ...modules.flatMap((module) => module.erasers ?? [])]
  const bySubject = await ask<{ name: string }>(`SELECT t.name FROM (${tables}) t JOIN pg_attribute a ON a.attrelid = t.oid WHERE a.attname = 'subject_id'`, [
    schemas,
  ])
  const personal = modules.flatMap((module) => module.personal ?? []).map((column) => column.split('.').slice(0, 2).join('.'))
  const about = new Set([...bySubject.map(({ name }) => name), ...personal])
  const covered = erasers.flatMap(({ tables: reached, keeps }) => [...reached, ...Object.keys(keeps ?? {})])
  expect([...about].filter((name) => !covered.includes(name)).sort()).toEqual([])
  expect(covered.filter((name, place) => covered.indexOf(name) !== place)).toEqual([])
  const existing = new Set((await ask<{ name: string }>(tables, [schemas])).map(({ name }) => name))
  expect(covered.filter((name) => !existing.has(name))).toEqual([])
  for (const { name, tables: reached, keeps = {} } of erasers) {
    const own = name.split('.')[0]
    for (const table of [...reached, ...Object.keys(keeps)]) expect(table.split('.')[0], name).toBe(own)
    for (const reason of Object.values(keeps)) expect(reason.length).toBeGreaterThan(20)
  }
})
