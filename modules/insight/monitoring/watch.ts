/**
 * Follows the logs and raises alerts. The place in a log, what the rules remember and the alerts move in one transaction that
 * holds the institution's row: whoever dies in the middle has done nothing, and whoever goes on begins where that was.
 */
import type { Id } from '@gatehouse/core/id'
import { type Moment, momentOf, nodeTenant } from '@gatehouse/runtime/base/context'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { listTenants, readOwnTenant } from '../../governance/tenancy/index.ts'
import { logSizes, readStretch } from '../../ledger/index.ts'
import { type Hours, logOf, typesOf } from './concern.ts'
import { defaultRules } from './defaults.ts'
import { factOf } from './fact.ts'
import { judge } from './judge.ts'
import { writeFirings } from './raise.ts'
import { rulesMax, stretchMax, watchIdleMs } from './schema.ts'
import { activeRules, beginWatch, holdWatch, insertRule, moveWatch, watchPlaces } from './store.ts'

export const watchLoop: Loop = {
  name: 'monitoring.watch',
  idleMs: watchIdleMs,
  async run(node) {
    let more = false
    for (const { tenant, logs } of await news(node)) {
      for (const log of logs) {
        try {
          if (await follow(node, tenant, log)) more = true
        } catch (error) {
          node.log.warn({ tenant, error: errorFields(error) }, 'alerts of an institution could not be worked out and keep their place')
        }
      }
    }
    return more
  },
}

/** Which institutions have something to read, asked of all at once. */
async function news(node: Node): Promise<{ tenant: Id<'tenant'>; logs: ('own' | 'node')[] }[]> {
  const [tenants, sizes, places] = await node.database.transaction('node', (tx) => Promise.all([listTenants(tx), logSizes(tx), watchPlaces(tx)]))
  const size = new Map(sizes.map((row) => [row.tenant, row.size]))
  const place = new Map(places.map((row) => [row.tenant, row]))
  return tenants.map(({ id }) => {
    const known = place.get(id)
    const own = known === undefined || (size.get(id) ?? 0) > known.own_next
    const nodes = known !== undefined && (size.get(nodeTenant) ?? 0) > known.node_next
    return { tenant: id, logs: [...(own ? (['own'] as const) : []), ...(nodes ? (['node'] as const) : [])] }
  })
}

/** One stretch of one log. @returns whether there may be more */
async function follow(node: Node, tenant: Id<'tenant'>, log: 'own' | 'node'): Promise<boolean> {
  const moment = momentOf(node.source)
  return node.database.transaction(tenant, async (tx) => {
    const watch = await holdWatch(tx)
    if (watch === undefined) return begin(node, tx, moment)
    const rules = (await activeRules(tx)).filter(({ condition }) => logOf(condition) === log)
    const types = [...new Set(rules.flatMap(({ condition }) => typesOf(condition)))]
    const from = log === 'own' ? watch.own_next : watch.node_next
    const { next, entries } = log === 'own' ? await readStretch(tx, types, from, stretchMax) : await nodeStretch(node, types, from)
    if (next === from) return false
    const fired = await judge(tx, rules, await hoursOf(tx), entries.map(factOf))
    await Promise.all([moveWatch(tx, log, next), writeFirings(node, tx, moment, watch.mail_to, fired)])
    return next - from === stretchMax
  })
}

/** The node's log is another's than the institution's, so it is read in a transaction of its own. What it says never changes. */
function nodeStretch(node: Node, types: readonly string[], from: number) {
  return node.database.transaction(nodeTenant, (tx) => readStretch(tx, types, from, stretchMax))
}

/** From here on: what happened before an institution was watched is for a replay. It begins with the rules that all begin with. */
async function begin(node: Node, tx: Tx, moment: Moment): Promise<boolean> {
  const [own, nodes] = await Promise.all([
    readStretch(tx, [], 0, Number.MAX_SAFE_INTEGER),
    node.database.transaction(nodeTenant, (other) => readStretch(other, [], 0, Number.MAX_SAFE_INTEGER)),
  ])
  if (!(await beginWatch(tx, own.next, nodes.next, moment.now))) return true
  for (const rule of defaultRules) await insertRule(tx, { ...rule, id: moment.newId<'alert_rule'>(), created_at: moment.now }, rulesMax)
  return true
}

export async function hoursOf(tx: Tx): Promise<Hours> {
  const tenant = await readOwnTenant(tx)
  if (tenant === undefined) throw new TypeError('the institution of the transaction is not there')
  return tenant.settings
}
