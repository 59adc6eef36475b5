/** Setting and lifting opt-outs, whoever does it: the person, staff on the person's word, or an import. */
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { labelOf, rootPurpose } from '@gatehouse/policy/purposes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { Subject } from '../../../subjects/index.ts'
import { policyTargets, purposeTree } from '../../policies/index.ts'
import { consentsProblems } from '../problems.ts'
import { type OptOutTerms, type OptOutView, type OwnOptOuts, optOutFacts, optOutsMax } from './schema.ts'
import { exemptions, insertOptOuts, liftOptOut, listOptOuts, type OptOutRow } from './store.ts'

export const termOf = (terms: OptOutTerms): string => (terms.scope === 'purpose' ? terms.purpose : terms.scope === 'data_class' ? terms.data_class : '')

/** @throws Problem `opt_out_refused` with the place of every purpose that nobody knows */
export async function checkOptOuts(tx: Tx, node: Node, wanted: readonly OptOutTerms[], pointers: readonly string[]): Promise<void> {
  const tree = await purposeTree(node, tx)
  const errors = wanted.flatMap((terms, index) =>
    terms.scope === 'purpose' && !tree.has(terms.purpose) ? [{ pointer: `${pointers[index] ?? ''}/purpose`, detail: 'there is no such purpose' }] : [],
  )
  if (errors.length > 0) throw new Problem(consentsProblems.opt_out_refused, undefined, { errors: errors.slice(0, 100) })
}

export async function setOptOut(ctx: TransactionContext, subject: Subject, terms: OptOutTerms, source: OptOutRow['source']): Promise<OptOutView | Refusal> {
  const row: OptOutRow = {
    subject_id: subject.id,
    id: ctx.newId<'opt_out'>(),
    scope: terms.scope,
    term: termOf(terms),
    source,
    set_at: ctx.now,
    lifted_at: null,
  }
  if (!(await insertOptOuts(ctx.tx, [row])).has(row.id))
    return refuse(consentsProblems.opted_out_already, undefined, { subject: { id: subject.id, commitment: subject.commitment } })
  ctx.describe(optOutFacts(subject, row))
  ctx.publish({ type: 'consents.opted_out', subject: row.id, data: { opt_out: row.id, subject: subject.id } })
  return one(await optOutViews(ctx.tx, ctx.node, [row]))
}

/** What somebody does not want, what there is to choose from, and what goes on all the same. */
export async function optOutsOf({ tx, node }: Pick<TransactionContext, 'tx' | 'node'>, subject: Subject): Promise<OwnOptOuts> {
  const [rows, exempt, tree, data_classes] = await Promise.all([
    listOptOuts(tx, subject.id, optOutsMax),
    exemptions(tx),
    purposeTree(node, tx),
    policyTargets(tx),
  ])
  const named = tree.all().filter(({ term, parents }) => parents.includes(rootPurpose) || !term.includes(':'))
  return {
    opt_outs: await optOutViews(tx, node, rows),
    purposes: named.map(({ term, label }) => ({ term, label })).sort((left, right) => (left.label < right.label ? -1 : 1)),
    data_classes,
    exempt: exempt.map(({ purpose, law }) => ({ purpose, label: tree.get(purpose)?.label ?? labelOf(purpose), law })),
  }
}

/** @param setBy only one that was set by such a one */
export async function lift(ctx: TransactionContext, subject: Subject, id: Id<'opt_out'>, setBy?: OptOutRow['source']): Promise<OptOutView | Refusal> {
  const row = await liftOptOut(ctx.tx, subject.id, id, ctx.now, setBy)
  if (row === undefined) return refuse(doorProblems.not_found)
  ctx.describe(optOutFacts(subject, row))
  ctx.publish({ type: 'consents.opt_out_lifted', subject: id, data: { opt_out: id, subject: subject.id } })
  return one(await optOutViews(ctx.tx, ctx.node, [row]))
}

export async function optOutViews(tx: Tx, node: Node, rows: readonly OptOutRow[]): Promise<OptOutView[]> {
  const tree = await purposeTree(node, tx)
  return rows.map(({ id, scope, term, source, set_at, lifted_at }) => ({
    id,
    scope,
    term: scope === 'all' ? null : term,
    label: scope === 'purpose' ? (tree.get(term)?.label ?? labelOf(term)) : null,
    source,
    set_at,
    lifted_at,
  }))
}

function one(views: readonly OptOutView[]): OptOutView {
  const [view] = views
  if (view === undefined) throw new TypeError('one opt-out has one view')
  return view
}
