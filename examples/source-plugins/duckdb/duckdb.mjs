// @ts-check
/**
 * DuckDB as a source of a Gatehouse node: a plug-in to copy from. A source is one file of a folder that the operator names; it is opened
 * read-only, and the engine may reach neither the network nor any other file. docs/how-to/write-a-source-plugin.md goes through it.
 *
 * @import { Connection, Connector, DiscoveredColumn, DiscoveredTable, Reading } from '@gatehouse/modules/custody/catalog/index'
 * @import { Predicate } from '@gatehouse/tabular/predicate'
 */
import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConnectorError, optionalPackage, reading } from '@gatehouse/modules/custody/catalog/index'
import { fieldNameOf } from '@gatehouse/tabular/field'
import { z } from 'zod'

const driver = optionalPackage('npm install --no-save @duckdb/node-api@1.5.6-r.1', () => import('@duckdb/node-api'))

const settings = z.strictObject({
  file: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{0,99}\.duckdb$/, 'a file of the operator’s folder, such as warehouse.duckdb')
    .describe('The database, by its name in the folder of warehouses'),
})

/**
 * @param {{ folder: string }} options
 * @returns {Connector<z.output<typeof settings>>}
 */
export function duckdb({ folder }) {
  return {
    kind: 'duckdb',
    title: 'DuckDB',
    settings,
    secret: undefined,
    resumes: true,
    install: driver,
    async open(_context, { file }) {
      const { DuckDBInstance } = await driver.load()
      const path = await placeOf(folder, file)
      const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY', threads: '2', max_memory: '1GB' }).catch(() => {
        throw new ConnectorError('unreachable', `${file} could not be opened as a DuckDB database`)
      })
      try {
        const connection = await instance.connect()
        // No other file, no extension, no network; and no statement can undo it.
        for (const [name, value] of [
          ['enable_external_access', false],
          ['autoload_known_extensions', false],
          ['autoinstall_known_extensions', false],
          ['lock_configuration', true],
        ])
          await connection.run(`SET ${name} = ${value}`)
        return connectionOn(file, instance, connection)
      } catch (error) {
        instance.closeSync()
        throw error
      }
    },
  }
}

/** A link in the folder could lead out of it. */
async function placeOf(folder, file) {
  const [home, path] = await Promise.all([realpath(folder), realpath(join(folder, file))]).catch(() => {
    throw new ConnectorError('unreachable', `the folder of warehouses has no ${file}`)
  })
  if (dirname(path) !== home) throw new ConnectorError('unreachable', `${file} leads out of the folder of warehouses`)
  return path
}

/** @returns {Connection} */
function connectionOn(file, instance, connection) {
  const closing = new AbortController()
  const all = async (sql, values = []) => (await connection.runAndReadAll(sql, values)).getRows()
  return {
    async check() {
      const [[version]] = await all('SELECT version()')
      return { server: `DuckDB ${version}`, readOnly: true }
    },
    discover: () => tablesIn(all),
    read(request) {
      return reading(request, closing.signal, finds, async function* (given) {
        const [schema, table] = partsOf(request.table.name)
        checkColumns(request.table.name, given.plan.columns, await columnsOf(all, schema, table))
        // Of its own: on a connection, the next statement ends the one whose rows are still coming.
        const own = await instance.connect()
        try {
          given.signal.throwIfAborted()
          given.signal.addEventListener('abort', () => own.interrupt(), { once: true })
          const { sql, values } = selection(schema, table, request, given)
          const result = await own.stream(sql, values).catch((error) => {
            given.signal.throwIfAborted()
            throw new ConnectorError('unsupported', `${file} does not understand the request`, error)
          })
          let whole = false
          for await (const rows of result.yieldRows()) {
            given.signal.throwIfAborted()
            whole = rows.at(-1)?.[0] === true
            yield (whole ? rows.slice(0, -1) : rows).map((row) => Object.fromEntries(given.plan.columns.map(({ column }, at) => [column, row[at + 1]])))
          }
          if (!whole) throw new ConnectorError('unreachable', `${file} broke off while ${request.table.name} was read`)
        } finally {
          own.closeSync()
        }
      })
    },
    async close() {
      closing.abort(new ConnectorError('unreachable', 'the connection was closed'))
      connection.closeSync()
      instance.closeSync()
    },
  }
}

// ── What is there ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Which of our types a type of DuckDB is, and how it is selected: as text wherever a number of JavaScript would lose something. */
const types = /** @type {const} */ ([
  [/^BOOLEAN$/, 'boolean', (name) => name],
  [/^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/, 'integer', (name) => `${name}::VARCHAR`],
  [/^DECIMAL/, 'number', (name) => `${name}::VARCHAR`],
  [/^DOUBLE$/, 'number', (name) => `CASE WHEN isfinite(${name}) THEN ${name} END`],
  [/^FLOAT$/, 'number', (name) => `CASE WHEN isfinite(${name}) THEN ${name}::VARCHAR END`],
  [/^DATE$/, 'date', (name) => `CASE WHEN isfinite(${name}) THEN ${name}::VARCHAR END`],
  [/^TIMESTAMP/, 'instant', (name) => `CASE WHEN isfinite(${name}) THEN strftime(make_timestamp(epoch_ms(${name}) * 1000), '%Y-%m-%dT%H:%M:%S.%gZ') END`],
  [/^(VARCHAR|UUID|TIME|INTERVAL|ENUM|U?HUGEINT)/, 'string', (name) => `${name}::VARCHAR`],
  [/(\[\d*\]|^STRUCT|^MAP|^JSON)/, 'string', (name) => `${name}::VARCHAR`],
])
const readingOf = (physical) => types.find(([pattern]) => pattern.test(physical))

/** @returns {Promise<DiscoveredTable[]>} */
async function tablesIn(all) {
  const tables = await all(`
    SELECT schema_name, table_name, estimated_size::VARCHAR FROM duckdb_tables() WHERE NOT internal AND database_name = current_database()
    UNION ALL SELECT schema_name, view_name, NULL FROM duckdb_views() WHERE NOT internal AND database_name = current_database() ORDER BY ALL`)
  const found = []
  for (const [schema, table, rows] of tables) {
    const [[key] = [null]] = await all(
      `SELECT array_to_json(constraint_column_names)::VARCHAR FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' AND schema_name = $1 AND table_name = $2`,
      [schema, table],
    )
    const columns = await columnsOf(all, schema, table)
    found.push({
      name: `${schema}.${table}`,
      columns,
      key: key === null ? [] : JSON.parse(key),
      references: [],
      rows: rows === null ? undefined : Number(rows),
    })
  }
  // A name with a dot could be read as two.
  return found.filter(({ name }) => name.split('.').length === 2)
}

/** @returns {Promise<DiscoveredColumn[]>} */
async function columnsOf(all, schema, table) {
  const rows = await all(
    `SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = $1 AND table_name = $2 ORDER BY column_index`,
    [schema, table],
  )
  return rows.flatMap(([column, physical, nullable]) => {
    const type = readingOf(physical)?.[1]
    return type === undefined ? [] : [{ column, physical, field: { name: fieldNameOf(column), type, sensitivity: 'sensitive', nullable } }]
  })
}

function partsOf(name) {
  const parts = name.split('.')
  if (parts.length !== 2) throw new ConnectorError('unsupported', `${name} is the name of no table`)
  return parts
}

/** @param {readonly DiscoveredColumn[]} wanted @param {readonly DiscoveredColumn[]} now */
function checkColumns(table, wanted, now) {
  if (now.length === 0) throw new ConnectorError('drifted', `there is no table ${table} any more`)
  for (const { column, field } of wanted) {
    if (now.find((each) => each.column === column)?.field.type !== field.type)
      throw new ConnectorError('drifted', `${table} has no column ${column} of the type ${field.type} any more`)
  }
}

// ── What is asked for ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Types whose values come back exactly, so that a reading can go on behind them. */
const ordered = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|VARCHAR|UUID|DATE)$/
const quoted = (name) => `"${name.replaceAll('"', '""')}"`
const operators = { eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=' }

/** What DuckDB finds at least all of; everything else is judged by the node. @type {Parameters<typeof reading>[2]} */
function finds(leaf, { physical, field }) {
  const values = 'in' in leaf ? leaf.in : 'is' in leaf && leaf.is !== 'ne' ? [leaf.value] : []
  if (values.length === 0) return false
  if (field.type === 'integer' || physical === 'DOUBLE')
    return values.every((value) => typeof value === 'number' && (physical === 'DOUBLE' || Number.isSafeInteger(value)))
  return physical === 'VARCHAR' && ('in' in leaf || leaf.is === 'eq') && values.every((value) => typeof value === 'string' && !/\0|\p{Surrogate}/u.test(value))
}

/**
 * The first column is true in one more row behind all others: the client tells a statement that failed midway from one that has ended by
 * nothing else.
 *
 * @param {Reading} given
 */
function selection(schema, table, { where, resumeAfter, rowsMax, sample }, { plan, hint, columnOf }) {
  const values = []
  const value = (given) => `$${values.push(typeof given === 'number' && Number.isInteger(given) ? BigInt(given) : given)}`
  const list = plan.columns.map(({ column, physical }) => readingOf(physical)?.[2](quoted(column)))
  const order = plan.order.map(({ column }) => quoted(column))
  const unordered = plan.order.find(({ physical }) => !ordered.test(physical))
  if (unordered !== undefined) throw new ConnectorError('unsupported', `${table} has a key of ${unordered.physical}, which cannot be gone on by`)
  const conditions = [
    ...(hint === undefined ? [] : [condition(hint, columnOf, value)]),
    ...(resumeAfter === undefined
      ? []
      : [`(${order.join(', ')}) > (${resumeAfter.map((each, at) => `${value(String(each))}::${plan.order[at].physical}`).join(', ')})`]),
  ]
  const limit = sample ? rowsMax : where === undefined ? rowsMax + 1 : undefined
  const parts = [
    `SELECT ${['false', ...list].join(', ')} FROM ${quoted(schema)}.${quoted(table)}`,
    ...(conditions.length > 0 ? [`WHERE ${conditions.join(' AND ')}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(', ')}`] : []),
    ...(limit === undefined ? [] : [`LIMIT ${Math.trunc(limit)}`]),
  ]
  return { sql: `(${parts.join(' ')}) UNION ALL SELECT ${['true', ...list.map(() => 'NULL')].join(', ')}`, values }
}

/** @param {Predicate} predicate @returns {string} */
function condition(predicate, columnOf, value) {
  if ('all' in predicate) return `(${predicate.all.map((part) => condition(part, columnOf, value)).join(' AND ')})`
  if ('any' in predicate) return `(${predicate.any.map((part) => condition(part, columnOf, value)).join(' OR ')})`
  if (!('column' in predicate)) throw new TypeError('a hint holds no negation')
  const name = quoted(columnOf(predicate.column).column)
  if ('in' in predicate) return `(${name} IN (${predicate.in.map(value).join(', ')}))`
  return `(${name} ${operators[/** @type {'eq'} */ (predicate.is)]} ${value(predicate.value)})`
}
