/** One signed-in connection to MySQL or MariaDB, over a socket that the node's own way out has opened; it can only read. */
import type { Egress } from '@gatehouse/runtime/data/egress'
import type { ConnectionOptions, Connection as Driver } from 'mysql2'
import { ConnectorError } from '../connector.ts'
import { answered } from '../http/answered.ts'
import { type LoadedPackage, optionalPackage } from '../optional-package.ts'
import type { DatabasePlace } from '../server-settings.ts'
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

const refusals: Readonly<Record<number, string>> = {
  1044: 'does not let the user into the database',
  1045: 'does not take the user and the password',
  1049: 'has no such database',
  1130: 'does not let us in from here',
  1142: 'takes the user, who lacks a right to read',
  1143: 'takes the user, who lacks a right to read',
  1251: 'asks for a way of signing in that is not spoken here',
  1698: 'does not take the user and the password',
}
const gone = new Set([1051, 1054, 1146])
const late = new Set([1969, 3024])

function faultOf(host: string, error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  const number = typeof errno === 'number' ? errno : 0
  const known = typeof code === 'string' ? code : 'no answer'
  if (refusals[number] !== undefined) return new ConnectorError('refused', `${host} ${refusals[number]}`)
  if (gone.has(number)) return new ConnectorError('drifted', `${host} has a table or a column no more; look through the source again`)
  if (late.has(number) || known === 'ETIMEDOUT') return new ConnectorError('slow', `${host} did not answer in its time`)
  if (known === 'HANDSHAKE_NO_SSL_SUPPORT') return new ConnectorError('refused', `${host} does not speak TLS, and is not on this machine`)
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(known))
    return new ConnectorError('refused', `${host} shows a certificate that does not verify (${known}); name its authority in GATEHOUSE_EXTRA_CA`)
  if (number >= 1_000) return new ConnectorError('unsupported', `${host} does not understand the request (${number})`)
  return new ConnectorError('unreachable', `${host} could not be reached, or broke off (${known})`)
}
