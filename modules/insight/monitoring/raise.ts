/** Writes what firing rules say: the alert, its entry in the ledger, and for those that page the event and the letter. */
import { type Instant, instantOf } from '@gatehouse/core/instant'
import type { Moment } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { NewEvent } from '@gatehouse/runtime/work/outbox'
import { recordOwnAct } from '../../ledger/index.ts'
import type { About } from './concern.ts'
import { raiseType } from './condition.ts'
import type { Firing } from './evaluate.ts'
import type { Fact } from './fact.ts'
import { post } from './letters/post.ts'
import { pageLetter } from './letters/write.ts'
import { countRepeats, insertAlert, type NewAlert, type Repeats, type RuleRow } from './store.ts'

export interface Fired {
  readonly rule: RuleRow
  readonly about: About
  readonly fact: Fact
  readonly alert: Firing
}

/** In the order in which the rules fired. A repeat may be of an alert raised just before. */
export async function writeFirings(node: Node, tx: Tx, moment: Moment, mailTo: readonly string[], fired: readonly Fired[]): Promise<void> {
  const raised = fired
    .filter(({ alert }) => alert.outcome === 'raise')
    .map(({ rule, about, fact, alert }): NewAlert => {
      const id = moment.newId<'alert'>()
      return { id, rule, kind: rule.condition.kind, about, entry: fact.entry, index: fact.index, at: instantOf(fact.atMs), observed: alert.observed }
    })
  for (const alert of raised) await Promise.all([insertAlert(tx, alert, moment.now), announce(node, tx, moment, alert)])
  await Promise.all(repeatsOf(fired).map((repeats) => countRepeats(tx, repeats)))
  await Promise.all(pagesOf(node, raised).map((letter) => post(node, tx, moment, mailTo, letter)))
}

async function announce(node: Node, tx: Tx, moment: Moment, alert: NewAlert): Promise<void> {
  if (tx.tenant === 'node') throw new TypeError('an alert belongs to one institution')
  const facts = {
    object: { kind: 'alert', id: alert.id },
    details: { rule: alert.rule.id, rule_kind: alert.kind, channel: alert.rule.channel, about_kind: alert.about.kind, raised_by: alert.entry },
  }
  const events = alert.rule.channel === 'page_now' ? [eventOf(node, alert)] : []
  await recordOwnAct(tx, node, { tenant: tx.tenant, by: 'monitoring', type: raiseType, facts, events }, moment)
}

/** No member is called `partner`: a partner's webhook is told what names it, and what is suspected of it is not for it. */
function eventOf(node: Node, { id, rule, kind, observed, about }: NewAlert): NewEvent {
  return {
    type: 'alert.raised',
    subject: id,
    data: { alert: id, rule: rule.id, rule_name: rule.name, kind, about_kind: about.kind, observed, link: `${node.addresses.origin}/insight/alerts/${id}` },
  }
}

/** One letter per rule, however many alerts of it came at once. */
function pagesOf(node: Node, raised: readonly NewAlert[]) {
  const pages = new Map<string, NewAlert[]>()
  for (const alert of raised) if (alert.rule.channel === 'page_now') pages.set(alert.rule.id, [...(pages.get(alert.rule.id) ?? []), alert])
  return [...pages.values()].flatMap((alerts) => {
    const [first] = alerts
    if (first === undefined) return []
    const path = alerts.length === 1 ? `/insight/alerts/${first.id}` : `/insight/alerts?rule=${first.rule.id}`
    return [pageLetter(first.rule.name, alerts.length, `${node.addresses.origin}${path}`)]
  })
}

function repeatsOf(fired: readonly Fired[]): Repeats[] {
  const found = new Map<string, Repeats>()
  for (const { rule, about, fact, alert } of fired) {
    if (alert.outcome !== 'repeat') continue
    const key = `${rule.id} ${about.kind} ${about.id} ${alert.entry}`
    const before = found.get(key)
    const at = instantOf(fact.atMs)
    found.set(key, {
      rule: rule.id,
      about,
      raisedBy: alert.entry,
      times: (before?.times ?? 0) + 1,
      lastAt: later(before?.lastAt, at),
      lastEntry: fact.entry,
      observed: Math.max(before?.observed ?? 0, alert.observed),
    })
  }
  return [...found.values()]
}

const later = (known: Instant | undefined, at: Instant): Instant => (known !== undefined && known > at ? known : at)
