/** One signed-in connection to MySQL or MariaDB, over a socket that the node's own way out has opened; it can only read. */
import type { Egress } from '@gatehouse/runtime/data/egress'
import type { ConnectionOptions, Connection as Driver } from 'mysql2'
import { ConnectorError } from '../connector.ts'
import { answered } from '../http/answered.ts'
import { type LoadedPackage, optionalPackage } from '../optional-package.ts'
import type { DatabasePlace } from '../server-settings.ts'
import { type SourceWord, say } from '../words.ts'
import type { Statement } from './statement.ts'

/** The part of the package that is used. */
interface Mysql2 {
  createConnection(options: ConnectionOptions): Driver
}

export const driver: LoadedPackage<Mysql2> = optionalPackage('npm install --no-save mysql2@3.24.6', () => import('mysql2') as Promise<Mysql2>)

export interface Session {
  /** All rows at once, of a statement that gives few. */
  all(statement: Statement): Promise<readonly unknown[][]>
  /** The rows as they come, held back while nobody takes them. */
  rows(statement: Statement): AsyncGenerator<readonly unknown[][], void, undefined>
  close(): void
}

const answerMs = 15_000
const rowsPerPage = 1_000

/** @throws ConnectorError; the server's own words are not passed on */
export async function openSession(
  egress: Egress,
  { host, port, tls, database }: DatabasePlace,
  login: { user: string; password: string },
  timeMs: number,
): Promise<Session> {
  const { createConnection } = await driver.load()
  const socket = await answered(host, () => egress.open(host, port, answerMs))
  const options: ConnectionOptions = {
    host,
    port,
    database,
    ...login,
    stream: () => socket,
    ...(tls
      ? {
          ssl: {
            rejectUnauthorized: true,
            verifyIdentity: true,
            minVersion: 'TLSv1.2',
            ...(egress.authorities === undefined ? {} : { ca: [...egress.authorities] }),
          },
        }
      : {}),
    // A server may ask a client for any file of its machine; this one has none to give.
    flags: ['-LOCAL_FILES'],
    multipleStatements: false,
    connectTimeout: answerMs,
    charset: 'utf8mb4',
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
  }
  const connection = createConnection(options)
  connection.on('error', () => {})
  const session = sessionOn(connection, host, () => socket.destroy())
  try {
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error === null ? resolve() : reject(error))))
    await run(connection, "SET SESSION time_zone = '+00:00'")
    // MariaDB counts seconds for one name, MySQL milliseconds for another.
    await run(connection, `SET SESSION max_statement_time = ${Math.ceil(timeMs / 1_000)}`).catch(() =>
      run(connection, `SET SESSION max_execution_time = ${Math.trunc(timeMs)}`),
    )
    await run(connection, 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    await run(connection, 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')
    return session
  } catch (error) {
    session.close()
    throw faultOf(host, error)
  }
}

/** Of our own words only; what has a value goes through `execute`. */
function run(connection: Driver, text: string): Promise<void> {
  return new Promise((resolve, reject) => connection.query(text, (error) => (error === null ? resolve() : reject(error))))
}

function sessionOn(connection: Driver, host: string, cut: () => void): Session {
  async function* rows({ text, values }: Statement): AsyncGenerator<readonly unknown[][], void, undefined> {
    try {
      // Bound by the server: a value never becomes a part of the statement.
      const stream = connection.execute({ sql: text, rowsAsArray: true }, [...values]).stream({ highWaterMark: rowsPerPage })
      let page: unknown[][] = []
      for await (const row of stream) {
        page.push(row as unknown[])
        if (page.length < rowsPerPage) continue
        yield page
        page = []
      }
      if (page.length > 0) yield page
    } catch (error) {
      throw faultOf(host, error)
    }
  }
  return {
    rows,
    async all(statement) {
      const found: unknown[][] = []
      for await (const page of rows(statement)) found.push(...page)
      return found
    },
    // At once, and not after what the server still has to say.
    close: cut,
  }
}

const refusals: Readonly<Record<number, SourceWord>> = {
  1044: 'user_not_into_database',
  1045: 'user_not_taken',
  1049: 'no_such_database',
  1130: 'not_from_here',
  1142: 'user_lacks_right',
  1143: 'user_lacks_right',
  1251: 'sign_in_unknown',
  1698: 'user_not_taken',
}
const gone = new Set([1051, 1054, 1146])
const late = new Set([1969, 3024])

function faultOf(host: string, error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  const number = typeof errno === 'number' ? errno : 0
  const known = typeof code === 'string' ? code : 'no answer'
  const refusal = refusals[number]
  if (refusal !== undefined) return new ConnectorError('refused', say(refusal, { host }))
  if (gone.has(number)) return new ConnectorError('drifted', say('something_gone_look', { host }))
  if (late.has(number) || known === 'ETIMEDOUT') return new ConnectorError('slow', say('no_answer_in_time', { host }))
  if (known === 'HANDSHAKE_NO_SSL_SUPPORT') return new ConnectorError('refused', say('no_tls', { host }))
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(known)) return new ConnectorError('refused', say('certificate', { host, why: known }))
  if (number >= 1_000) return new ConnectorError('unsupported', say('not_understood', { host, status: number }))
  return new ConnectorError('unreachable', say('unreachable_or_broke_off', { host, why: known }))
}
