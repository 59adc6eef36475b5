/** From a source's row to a connection, and from what its driver says to what the node answers. */
import type { Id } from '@gatehouse/core/id'
import { saidOfIssue } from '@gatehouse/core/issue'
import { Problem } from '@gatehouse/core/problem'
import { utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Node } from '@gatehouse/runtime/door/node'
import type { z } from 'zod'
import { type Connection, type Connector, ConnectorError } from '../connectors/connector.ts'
import { connectorOf } from '../connectors/kinds.ts'
import { say } from '../connectors/words.ts'
import { problems } from '../problems.ts'
import { secretLeaseSeconds } from '../schema.ts'
import type { SourceRow } from '../store.ts'

const secretName = (source: Id<'data_source'>) => `sources/${source}`

export async function keepSecret(node: Node, tenant: Id<'tenant'>, source: Id<'data_source'>, secret: unknown): Promise<void> {
  await node.secrets.put(tenant, secretName(source), utf8(JSON.stringify(secret)), secretLeaseSeconds)
}

export function forgetSecret(node: Node, tenant: Id<'tenant'>, source: Id<'data_source'>): Promise<boolean> {
  return node.secrets.delete(tenant, secretName(source))
}

/** When the secrets of sources were last changed, in ms. */
export async function secretTimes(node: Node, tenant: Id<'tenant'>): Promise<(source: Id<'data_source'>) => number | undefined> {
  const facts = new Map((await node.secrets.list(tenant)).map(({ name, createdMs }) => [name, createdMs]))
  return (source) => facts.get(secretName(source))
}

/** @throws Problem naming each place that does not fit the kind */
export function checkedBy(schema: z.ZodType | undefined, value: unknown, member: 'settings' | 'secret'): unknown {
  if (schema === undefined) {
    if (value === undefined) return undefined
    throw new Problem(problems.settings_refused, undefined, { errors: [{ pointer: `/${member}`, detail: 'this kind of source has none' }] })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  // The message of an issue may not repeat what was sent: it could be the secret.
  const errors = parsed.error.issues.slice(0, 100).map((issue) => ({
    pointer: `/${[member, ...issue.path.map(String)].map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`,
    ...saidOfIssue(issue),
  }))
  throw new Problem(problems.settings_refused, undefined, { errors })
}

/** The newest secret is read each time, so a changed one is used from the next connection on. @throws ConnectorError */
export async function openSource(node: Node, tenant: Id<'tenant'>, source: Pick<SourceRow, 'id' | 'kind' | 'settings'>): Promise<Connection> {
  const connector = connectorOf(node, source.kind)
  return connector.open({ node, tenant }, settingsOf(connector, source), await secretFor(node, tenant, connector, source.id))
}

function settingsOf(connector: Connector, source: Pick<SourceRow, 'settings'>): unknown {
  const parsed = connector.settings.safeParse(source.settings)
  if (!parsed.success) throw new ConnectorError('unsupported', say('settings_unfit'))
  return parsed.data
}

async function secretFor(node: Node, tenant: Id<'tenant'>, connector: Connector, source: Id<'data_source'>): Promise<unknown> {
  if (connector.secret === undefined) return undefined
  const leased = await node.secrets.read(tenant, secretName(source))
  if (leased === undefined) {
    if (connector.secret.safeParse(undefined).success) return undefined
    throw new ConnectorError('refused', say('no_secret'))
  }
  const parsed = connector.secret.safeParse(JSON.parse(utf8Text(leased.value) ?? 'null'))
  if (!parsed.success) throw new ConnectorError('refused', say('secret_unfit'))
  return parsed.data
}

export function problemOf(error: ConnectorError): Problem {
  const extensions = error.said === undefined ? {} : { said: error.said }
  return new Problem(error.code === 'too_large' ? problems.unsupported : problems[error.code], error.message, { extensions })
}

/** Runs with a connection that is closed afterwards; what the driver complains of becomes a problem. */
export async function withSource<T>(
  node: Node,
  tenant: Id<'tenant'>,
  source: Pick<SourceRow, 'id' | 'kind' | 'settings'>,
  act: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await openSource(node, tenant, source)
  try {
    return await act(connection)
  } finally {
    await connection.close().catch(() => {})
  }
}
