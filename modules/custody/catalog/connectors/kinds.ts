/** Which kinds of sources this node knows. */
import type { Node } from '@gatehouse/runtime/door/node'
import { type Connector, ConnectorError } from './connector.ts'
import { elasticsearch } from './elasticsearch/connector.ts'
import { fhir } from './fhir/connector.ts'
import { gatehouse } from './gatehouse/connector.ts'
import { mongodb } from './mongodb/connector.ts'
import { postgresql } from './postgresql/connector.ts'
import { rest } from './rest/connector.ts'
import { sqlserver } from './sqlserver/connector.ts'

/** A source without a connection: its tables are sent to it. */
export const fileKind = 'file'

const builtIn: readonly Connector[] = [postgresql, elasticsearch, fhir, gatehouse, mongodb, rest, sqlserver] as readonly Connector[]

export function connectorsOf(_node: Node): ReadonlyMap<string, Connector> {
  return new Map(builtIn.map((connector) => [connector.kind, connector]))
}

/** @throws ConnectorError where the node does not know the kind, as after a plug-in was taken away */
export function connectorOf(node: Node, kind: string): Connector {
  const found = connectorsOf(node).get(kind)
  if (found === undefined) throw new ConnectorError('unsupported', `this node knows no source of the kind ${kind}`)
  return found
}
