/** Which kinds of sources this node knows. */
import type { Node } from '@gatehouse/runtime/door/node'
import { type Connector, ConnectorError } from './connector.ts'
import { elasticsearch } from './elasticsearch/connector.ts'
import { fhir } from './fhir/connector.ts'
import { gatehouse } from './gatehouse/connector.ts'
import { mongodb } from './mongodb/connector.ts'
import { mysql } from './mysql/connector.ts'
import { pluginConnectors } from './plugins.ts'
import { postgresql } from './postgresql/connector.ts'
import { rest } from './rest/connector.ts'
import { sqlserver } from './sqlserver/connector.ts'
import { say } from './words.ts'

/** A source without a connection: its tables are sent to it. */
export const fileKind = 'file'
/** Results of queries that were made tables of the catalogue. There is one such source, it makes itself, and nothing is sent to it. */
export const resultKind = 'result'

/** Whether the tables of such a source lie in the object store; it is neither looked at nor discovered. */
export const keepsFiles = (kind: string): boolean => kind === fileKind || kind === resultKind

const builtIn: readonly Connector[] = [postgresql, elasticsearch, fhir, gatehouse, mongodb, mysql, rest, sqlserver] as readonly Connector[]

/** @throws ConnectorError for a plug-in that is no connector */
export function connectorsOf(node: Node): ReadonlyMap<string, Connector> {
  return node.of(known)
}

function known(node: Node): ReadonlyMap<string, Connector> {
  const brought = pluginConnectors(node, new Set([fileKind, ...builtIn.map(({ kind }) => kind)]))
  return new Map([...builtIn, ...brought].map((connector) => [connector.kind, connector]))
}

/** @throws ConnectorError where the node does not know the kind, as after a plug-in was taken away */
export function connectorOf(node: Node, kind: string): Connector {
  const found = connectorsOf(node).get(kind)
  if (found === undefined) throw new ConnectorError('unsupported', say('kind_unknown', { kind }))
  return found
}
