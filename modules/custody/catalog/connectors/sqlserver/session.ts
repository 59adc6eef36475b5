/** One signed-in connection to SQL Server, over a socket that the node's own way out has opened. */
import type { Egress } from '@gatehouse/runtime/data/egress'
import type { ConnectionConfiguration, Request as TediousRequest } from 'tedious'
import { ConnectorError } from '../connector.ts'
import { answered } from '../http/answered.ts'
import { optionalPackage } from '../optional-package.ts'
import type { DatabasePlace } from '../server-settings.ts'
import { say } from '../words.ts'
import type { Parameter, Statement } from './statement.ts'

export const driver = optionalPackage('npm install --no-save tedious@19.2.2', () => import('tedious'))
type Driver = Awaited<ReturnType<typeof driver.load>>

export interface Session {
  /** All rows at once, of a statement that gives few. */
  all(statement: Statement): Promise<readonly unknown[][]>
  /** The rows as they come, held back while nobody takes them. */
  rows(statement: Statement, signal: AbortSignal): AsyncGenerator<readonly unknown[][], void, undefined>
  close(): void
}

const answerMs = 15_000
const rowsPerPage = 2_000

/** @throws ConnectorError; the server's own words are not passed on */
export async function openSession(egress: Egress, place: DatabasePlace, login: { readonly user: string; readonly password: string }): Promise<Session> {
  const loaded = await driver.load()
  const { host, port, tls, database } = place
  const socket = await answered(host, () => egress.open(host, port, answerMs))
  let used = false
  const config: ConnectionConfiguration = {
    server: host,
    authentication: { type: 'default', options: { userName: login.user, password: login.password } },
    options: {
      port,
      database,
      encrypt: tls,
      trustServerCertificate: false,
      ...(egress.authorities === undefined ? {} : { cryptoCredentialsDetails: { ca: [...egress.authorities] } }),
      // Asked for once: a server may send a reader on to another one, which is not on our list.
      connector: async () => {
        if (used) throw new ConnectorError('unsupported', say('other_server', { host }))
        used = true
        return socket
      },
      readOnlyIntent: true,
      connectTimeout: answerMs,
      requestTimeout: 0,
      useUTC: true,
      appName: 'gatehouse',
    },
  }
  const connection = new loaded.Connection(config)
  connection.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => {
      if (error === undefined) return resolve()
      socket.destroy()
      reject(faultOf(host, error))
    })
  })
  return sessionOn(loaded, connection, host)
}

function sessionOn(loaded: Driver, connection: InstanceType<Driver['Connection']>, host: string): Session {
  function begin({ text, parameters }: Statement, done: (error: Error | null | undefined) => void): TediousRequest {
    const request = new loaded.Request(text, done)
    for (const { name, kind, value } of parameters) request.addParameter(name, typeOf(loaded, kind), kind === 'whole' ? String(value) : value)
    connection.execSql(request)
    return request
  }
  async function* rows(statement: Statement, signal: AbortSignal): AsyncGenerator<readonly unknown[][], void, undefined> {
    let page: unknown[][] = []
    let ended = false
    let fault: Error | undefined
    let wake: () => void = () => {}
    const request = begin(statement, (error) => {
      ended = true
      fault = error ?? undefined
      wake()
    })
    const onAbort = () => {
      connection.cancel()
      wake()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    request.on('row', (columns: { value: unknown }[]) => {
      page.push(columns.map(({ value }) => value))
      if (page.length < rowsPerPage) return
      request.pause()
      wake()
    })
    try {
      for (;;) {
        signal.throwIfAborted()
        if (!ended && page.length < rowsPerPage) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
          continue
        }
        if (fault !== undefined) throw faultOf(host, fault)
        const taken = page
        page = []
        if (taken.length > 0) yield taken
        if (ended && page.length === 0) return
        request.resume()
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
      if (!ended) connection.cancel()
    }
  }
  return {
    rows,
    async all(statement) {
      const found: unknown[][] = []
      for await (const page of rows(statement, new AbortController().signal)) found.push(...page)
      return found
    },
    close: () => connection.close(),
  }
}

function typeOf({ TYPES }: Driver, kind: Parameter['kind']) {
  return { text: TYPES.NVarChar, whole: TYPES.BigInt, number: TYPES.Float, truth: TYPES.Bit }[kind]
}

const noRight = new Set([229, 230, 297, 300, 916])
const gone = new Set([207, 208])

function faultOf(host: string, error: Error): ConnectorError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) if (cause instanceof ConnectorError) return cause
  const { code, number } = error as { code?: unknown; number?: unknown }
  if (code === 'ELOGIN') return new ConnectorError('refused', say('user_or_database_not_taken', { host }))
  if (code === 'ETIMEOUT') return new ConnectorError('slow', say('no_answer_in_time', { host }))
  if (noRight.has(Number(number))) return new ConnectorError('refused', say('user_lacks_right', { host }))
  if (gone.has(Number(number))) return new ConnectorError('drifted', say('something_gone_look', { host }))
  if (typeof number === 'number') return new ConnectorError('unsupported', say('not_understood', { host, status: number }))
  return new ConnectorError('unreachable', typeof code === 'string' ? say('unreachable_because', { host, why: code }) : say('unreachable_silent', { host }))
}
