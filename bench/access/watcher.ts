/** Another process of the node: asks again and again, and says when the answer changes. */

import { setTimeout as pause } from 'node:timers/promises'
import { Standing } from '@gatehouse/modules/governance/access/index'
import { answerOf } from '@gatehouse/policy/relations/proof'
import { openPool } from '@gatehouse/runtime/data/db'

const { connection, tenant, user } = JSON.parse(process.argv[2] ?? '{}')
const database = openPool({ connection, poolSize: 2 })
const standing = new Standing({ database, source: { nowMs: () => Date.now(), randomBytes: () => new Uint8Array() } })

let last: boolean | undefined
for (;;) {
  const { proof, schema } = await standing.prove(tenant, [{ type: 'area', id: 'webhook' }], 'may_read', { type: 'staff', id: user })
  const granted = answerOf(schema, proof, { context: {}, nowMs: Date.now() }) === 'yes'
  if (granted !== last) process.send?.({ granted, at: Date.now() })
  last = granted
  await pause(5)
}
