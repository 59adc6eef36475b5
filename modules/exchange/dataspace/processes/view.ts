/** Negotiations and transfers as the institution's own people see them. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { partnersNamed } from '../../../governance/partners/index.ts'
import type { NegotiationView, TransferView } from '../schema.ts'
import { isOver, type ProtocolEvent, stateAfter } from '../states.ts'
import { type AgreementRow, agreementById, messagesOf, type ProcessRow } from './store.ts'

/** What people may do themselves; the rest follows by itself. */
export const handSteps = ['accept', 'verify', 'resume', 'suspend', 'complete', 'terminate'] as const
export type HandStep = (typeof handSteps)[number]

export const stepsNow = (process: ProcessRow): HandStep[] =>
  handSteps.filter((step) => stateAfter(process.kind, process.state, step as ProtocolEvent, process.role) !== undefined)

interface Names {
  readonly partner: string
  readonly agreement: string | null
}

const shared = ({ role, dataset, state, reason, created_at, changed_at }: ProcessRow, { partner, agreement }: Names) => ({
  partner,
  role,
  dataset,
  state,
  reason: isOver(state) ? reason : null,
  agreement,
  created_at,
  changed_at,
})

export const negotiationOf = (process: ProcessRow, names: Names): NegotiationView => ({
  id: process.id as Id<'negotiation'>,
  ...shared(process, names),
  review: process.review_id,
  review_state: process.review_state,
})

export const transferOf = (process: ProcessRow, names: Names): TransferView => ({
  id: process.id as Id<'transfer'>,
  ...shared(process, names),
  format: process.format,
  delivered_at: process.delivered_at,
})

/** With the names of partners and agreements looked up once each. */
export async function named<View>(tx: Tx, rows: readonly ProcessRow[], view: (process: ProcessRow, names: Names) => View): Promise<View[]> {
  const partners = await partnersNamed(
    tx,
    rows.map(({ partner_id }) => partner_id),
  )
  const agreements = new Map<string, AgreementRow | undefined>()
  for (const { agreement_id: id } of rows) if (id !== null && !agreements.has(id)) agreements.set(id, await agreementById(tx, id))
  return rows.map((row) =>
    view(row, {
      partner: partners.get(row.partner_id)?.reference ?? row.partner_id,
      agreement: row.agreement_id === null ? null : (agreements.get(row.agreement_id)?.name ?? null),
    }),
  )
}

export async function courseOf(tx: Tx, process: ProcessRow) {
  const messages = await messagesOf(tx, process.id)
  return {
    messages: messages.map(({ direction, type, state, attempts, status, at }) => ({ direction, type, state, attempts, status, at })),
    steps: stepsNow(process),
  }
}
