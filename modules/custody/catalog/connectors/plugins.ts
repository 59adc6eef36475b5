/** Kinds of sources that the operator's own modules bring: each default export is a `Connector`. */
import type { Node } from '@gatehouse/runtime/door/node'
import { type Connector, ConnectorError } from './connector.ts'

const kindText = /^[a-z][a-z0-9_-]{0,39}$/

/** @param taken kinds that a plug-in cannot replace @throws ConnectorError naming the module and what it lacks */
export function pluginConnectors({ sourcePlugins }: Pick<Node, 'sourcePlugins'>, taken: ReadonlySet<string>): Connector[] {
  const kinds = new Set(taken)
  return sourcePlugins.map(({ from, value }) => {
    const fault = faultOf(value)
    if (fault !== undefined) throw new ConnectorError('unsupported', `GATEHOUSE_SOURCE_PLUGINS: the default export of ${from} is no connector: ${fault}`)
    const connector = value as Connector
    if (kinds.has(connector.kind))
      throw new ConnectorError('unsupported', `GATEHOUSE_SOURCE_PLUGINS: ${from} brings the kind ${connector.kind}, which there is already`)
    kinds.add(connector.kind)
    return connector
  })
}

function faultOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is no object'
  const { kind, title, settings, secret, resumes, open } = value as Partial<Record<keyof Connector, unknown>>
  if (typeof kind !== 'string' || !kindText.test(kind)) return '`kind` is a word of lower-case letters, digits, "-" and "_"'
  if (typeof title !== 'string' || title === '') return '`title` is what people read'
  if (!isSchema(settings)) return '`settings` is a zod schema'
  if (secret !== undefined && !isSchema(secret)) return '`secret` is a zod schema, or is left out'
  if (typeof resumes !== 'boolean') return '`resumes` is true or false'
  return typeof open === 'function' ? undefined : '`open` is a function'
}

/** A plug-in may bring a zod of its own. */
function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_zod' in value && typeof (value as { safeParse?: unknown }).safeParse === 'function'
}
