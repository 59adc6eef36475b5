/** A client of a PostgreSQL server over our own way out, and the server's complaints in our words. */
import { EgressError } from '@gatehouse/runtime/data/egress'
import pg from 'pg'
import { z } from 'zod'
import { type ConnectorContext, ConnectorError } from '../connector.ts'
import { type SourceWord, say } from '../words.ts'
import { Intake } from './intake.ts'

const connectTimeoutMs = 10_000

const host = z.string().min(1).max(255)

export const settingsSchema = z
  .strictObject({
    host: host.meta({ description: 'A name or address that stands on GATEHOUSE_EGRESS_ALLOW, or the folder of a socket of this machine that does.' }),
    port: z.int().min(1).max(65_535).default(5_432),
    database: z.string().min(1).max(63),
    tls: z.enum(['require', 'off']).default('require').meta({ description: 'off: for a server on this machine only' }),
    schemas: z.array(z.string().min(1).max(63)).min(1).max(50).optional().meta({ description: 'Only these are looked through.' }),
  })
  .refine(({ host: place, tls }) => tls === 'require' || isHere(place), { path: ['tls'], error: 'only a server on this machine is spoken to without TLS' })
  .refine(({ host: place, tls }) => tls === 'off' || !place.startsWith('/'), { path: ['tls'], error: 'a socket of this machine knows no TLS: say off' })
export type Settings = z.output<typeof settingsSchema>

export const secretSchema = z.strictObject({ user: z.string().min(1).max(63), password: z.string().max(1_000) })
export type Secret = z.output<typeof secretSchema>

function isHere(place: string): boolean {
  return place.startsWith('/') || place === '127.0.0.1' || place === '::1' || place === 'localhost'
}

/** The client ends with an `error` that nobody has to hear: whatever is asked of it then fails by itself. */
export async function connect({ node }: ConnectorContext, settings: Settings, { user, password }: Secret): Promise<pg.Client> {
  const { egress } = node
  const { host: place, port, database, tls } = settings
  const at = place.startsWith('/') ? `${place}/.s.PGSQL.${port}` : place
  const intake = new Intake()
  const socket = await egress.open(at, port, connectTimeoutMs, intake.onread).catch((error: unknown) => {
    throw faultOf(error, settings)
  })
  intake.serve(socket)
  // pg asks its stream to connect; this one is.
  const connected = Object.assign(socket, {
    connect() {
      setImmediate(() => socket.emit('connect'))
      return socket
    },
  })
  const client = new pg.Client({
    host: place,
    port,
    database,
    user,
    password,
    stream: () => connected,
    ssl:
      tls === 'off' ? false : { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(egress.authorities === undefined ? {} : { ca: [...egress.authorities] }) },
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'gatehouse',
  })
  client.on('error', () => {})
  try {
    await client.connect()
    // Where the server can, it looks whether we are still there while it computes: who stops reading leaves no work behind.
    await client
      .query(`SELECT set_config('client_connection_check_interval', '1000', false) WHERE current_setting('server_version_num')::int >= 140000`)
      .catch(() => {})
    return client
  } catch (error) {
    socket.destroy()
    throw faultOf(error, settings)
  }
}

const refused: Readonly<Record<string, SourceWord>> = {
  '28P01': 'user_not_taken',
  '28000': 'user_not_from_here',
  '3D000': 'no_such_database',
  '42501': 'right_not_given',
}

/** In our words only: a server's own may repeat a value or a name of somebody. */
export function faultOf(error: unknown, { host: place, port }: Pick<Settings, 'host' | 'port'>, table?: string): ConnectorError {
  if (error instanceof ConnectorError) return error
  const where = table === undefined ? `${place}:${port}` : `${table} (${place}:${port})`
  if (error instanceof EgressError) return new ConnectorError('unreachable', { detail: error.message, said: error.said }, error)
  const { code, message } = error as { code?: unknown; message?: unknown }
  const known = typeof code === 'string' ? code : ''
  const refusal = refused[known]
  if (refusal !== undefined) return new ConnectorError('refused', say(refusal, { host: where }))
  if (known === '57014') return new ConnectorError('slow', say('no_answer_in_given_time', { host: where }))
  if (known === '42P01' || known === '42703' || known === '3F000') return new ConnectorError('drifted', say('something_gone', { host: where }))
  if (/^22/.test(known)) return new ConnectorError('bad_value', say('value_unread', { host: where, status: known }))
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(known)) return new ConnectorError('refused', say('certificate', { host: where, why: known }))
  if (message === 'The server does not support SSL connections') return new ConnectorError('refused', say('no_tls', { host: where }))
  if (/^[0-9A-Z]{5}$/.test(known) && !/^(08|53|57|58)/.test(known))
    return new ConnectorError('unsupported', say('request_refused', { host: where, status: known }))
  return new ConnectorError(
    'unreachable',
    known === '' ? say('unreachable_or_broke_off_silent', { host: where }) : say('unreachable_or_broke_off', { host: where, why: known }),
  )
}
