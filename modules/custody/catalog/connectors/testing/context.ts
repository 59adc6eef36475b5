/** As much of a node as a driver needs. */

import type { Id } from '@gatehouse/core/id'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { openEgress } from '@gatehouse/runtime/data/egress'
import type { Node } from '@gatehouse/runtime/door/node'
import type { ConnectorContext } from '../connector.ts'

export function connectorContext(allow: readonly string[]): ConnectorContext {
  const source = { nowMs: () => 1_764_435_600_000, randomBytes: nodePrimitives.randomBytes }
  return { node: { egress: openEgress({ allow }), source } as unknown as Node, tenant: '01980000-0000-7000-8000-000000000001' as Id<'tenant'> }
}
