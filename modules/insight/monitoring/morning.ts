/** Once per working day, when it begins: what waited for it is gathered into one event and one letter. */
import type { Id } from '@gatehouse/core/id'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { inEachTenant } from '../../governance/tenancy/index.ts'
import { recordOwnAct } from '../../ledger/index.ts'
import { digestType } from './condition.ts'
import { lastMorning } from './hours.ts'
import { post } from './letters/post.ts'
import { morningLetter } from './letters/write.ts'
import { gather, holdWatch } from './store.ts'
import { hoursOf } from './watch.ts'

export const morningLoop: Loop = {
  name: 'monitoring.morning',
  idleMs: 30_000,
  async run(node) {
    await inEachTenant(node, 'the alerts of a morning could not be gathered', ({ id }) => tell(node, id))
    return false
  },
}

async function tell(node: Node, tenant: Id<'tenant'>): Promise<void> {
  const moment = momentOf(node.source)
  await node.database.transaction(tenant, async (tx) => {
    const watch = await holdWatch(tx)
    if (watch === undefined) return
    const { working_hours, timezone } = await hoursOf(tx)
    const morning = lastMorning(working_hours, timezone, moment.nowMs)
    if (morning <= watch.gathered_until) return
    const rules = await gather(tx, morning, moment.now)
    if (rules.length === 0) return
    const link = `${node.addresses.origin}/insight/alerts?channel=next_working_day&state=raised`
    const alerts = rules.reduce((sum, rule) => sum + rule.alerts, 0)
    const told = rules.map((rule) => ({ rule: rule.rule_id, rule_name: rule.rule_name, alerts: rule.alerts }))
    const facts = { details: { alerts, rules: rules.map((rule) => rule.rule_id) } }
    const events = [{ type: 'alert.digest', data: { alerts, rules: told, link } }]
    await Promise.all([
      recordOwnAct(tx, node, { tenant, by: 'monitoring', type: digestType, facts, events }, moment),
      post(
        node,
        tx,
        moment,
        watch.mail_to,
        morningLetter(
          told.map((rule) => ({ name: rule.rule_name, alerts: rule.alerts })),
          link,
        ),
      ),
    ])
  })
}
