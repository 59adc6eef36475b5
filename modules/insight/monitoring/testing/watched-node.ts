/** A node with a real ledger and institutions that are watched, for the tests of monitoring. */
import { type Id, newId } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Mail } from '@gatehouse/runtime/data/mail/mail'
import type { Module } from '@gatehouse/runtime/door/module'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import type { DoorPlugs } from '@gatehouse/runtime/door/plugs'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { backupsModule } from '../../../custody/backups/index.ts'
import { allowed } from '../../../governance/access/index.ts'
import { defaultTenant, ensureTenant, tenancyModule } from '../../../governance/tenancy/index.ts'
import { appendEntry, ledgerModule, sequence } from '../../../ledger/index.ts'
import { createRule } from '../create-rule.ts'
import { monitoringModule } from '../index.ts'
import { listAlerts } from '../list-alerts.ts'
import { listRules } from '../list-rules.ts'
import type { AlertView, Channel, RuleView } from '../schema.ts'
import { watchLoop } from '../watch.ts'

export interface Act {
  readonly type: string
  readonly facts?: AuditFacts
  readonly actor?: { readonly kind: 'user' | 'partner' | 'system' | 'anonymous'; readonly id: string }
  readonly tenant?: Id<'tenant'>
}

export interface WatchedNode extends TestNode {
  readonly tenant: Id<'tenant'>
  readonly other: Id<'tenant'>
  /** Leaves entries as the operations of these types do, one at a time. */
  act(...acts: Act[]): Promise<Id<'entry'>[]>
  /** Sequences, and looks at everything that is new. */
  look(): Promise<void>
  rule(condition: unknown, more?: { channel?: Channel; cool_down_seconds?: number; name?: string }): Promise<RuleView>
  /** Those of one rule, in the order of the log. */
  alerts(rule?: RuleView, tenant?: Id<'tenant'>): Promise<AlertView[]>
  rules(): Promise<RuleView[]>
}

export function done<T>(answer: { outcome: string; output?: T }): T {
  if (answer.outcome !== 'done') throw new Error(`answered ${answer.outcome}`)
  return answer.output as T
}

interface Options {
  readonly mail?: Mail
  /** Beside the ledger, the institutions and monitoring. */
  readonly modules?: readonly Module[]
  readonly plugs?: Partial<DoorPlugs>
  readonly egressAllow?: readonly string[]
}

export async function watchedNode({ modules = [], plugs = {}, ...options }: Options = {}): Promise<WatchedNode> {
  const t = await testNode({
    modules: [ledgerModule, tenancyModule, ...modules, backupsModule, monitoringModule],
    plugs: { append: appendEntry, allowed, ...plugs },
    ...options,
  })
  const { node } = t.door
  const { id: tenant } = await ensureTenant(node, defaultTenant.slug, 'The house')
  const { id: other } = await ensureTenant(node, 'other', 'The other house')
  const admin = t.principal({ tenant, roles: ['officer'] })
  const look = async () => {
    while ((await sequence(node)).more);
    while (await watchLoop.run(node));
  }
  await look()
  return {
    ...t,
    tenant,
    other,
    admin,
    look,
    async act(...acts) {
      const ids: Id<'entry'>[] = []
      for (const { type, facts = {}, actor = { kind: 'system' as const, id: 'test' }, tenant: of = tenant } of acts) {
        const id = newId<'entry'>(node.source)
        const entry = { id, tenant: of, type, at: instantOf(node.source.nowMs()), actor, facts }
        await t.database.transaction(of === nodeTenant ? 'node' : of, (tx) => appendEntry(tx, entry, node))
        ids.push(id)
        t.clock.advance(1)
      }
      return ids
    },
    rule: async (condition, more = {}) =>
      done(await t.door.enter(createRule, { name: 'A rule', channel: 'on_trial', cool_down_seconds: 0, ...more, condition: condition as never }, admin)),
    alerts: async (rule, of = tenant) => {
      const input = { ...(rule === undefined ? {} : { rule: rule.id }), limit: 500, demoted: 'true' as const }
      const { data } = done(await t.door.enter(listAlerts, input, t.principal({ tenant: of, roles: ['auditor'] })))
      return data.sort((left, right) => left.entry_index - right.entry_index)
    },
    rules: async () => done(await t.door.enter(listRules, { limit: 500 }, admin)).data,
  }
}
