/** Handing the own seat to a colleague until a date. */
import { addSeconds } from '@gatehouse/core/instant'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { colleagues, staffMember, staffNames } from '../../identity/index.ts'
import { approvalsProblems } from '../problems.ts'
import { daySeconds } from './request.ts'
import { colleagueSchema, delegationDaysMax, delegationSchema } from './schema.ts'
import { type DelegationRow, delegationsAround, endDelegation, insertDelegation } from './store.ts'

const own = (_input: unknown, { id }: { readonly id: string }) => ({ type: 'review', owner: id })
const facts = ({ id, to, ends_at }: { id: string; to: { id: string }; ends_at: string }) => ({
  object: { kind: 'delegation', id },
  details: { to: to.id, ends_at },
})

export const delegateSeat = operation({
  name: 'approvals.delegate',
  summary: 'Hand the own seat at the review desk to a colleague, until a date',
  description: `The colleague votes from it, and you do not, until it ends or you take it back; at most ${delegationDaysMax} days. Votes that you have cast stay. Nobody judges what they are an author of, nor from the seat of an author.`,
  input: z.strictObject({ to: idSchema('user'), ends_at: instantSchema }),
  output: delegationSchema,
  access: { action: 'update', on: own },
  audit: (_input, delegation) => facts(delegation),
  stepUp: true,
  http: { method: 'POST', path: '/v1/delegations', status: 201 },
  example: { input: { to: '01980000-0000-7000-8000-0000000000aa', ends_at: '2026-12-06T00:00:00Z' } },
  problems: [doorProblems.not_found, approvalsProblems.delegation_refused, approvalsProblems.delegated_already],
  async run(ctx, { to, ends_at }) {
    const { tx, tenant, now, principal } = ctx
    if (ends_at <= now || ends_at > addSeconds(now, delegationDaysMax * daySeconds))
      return refuse(approvalsProblems.delegation_refused, `the end lies at most ${delegationDaysMax} days ahead`)
    if (to === principal.id) return refuse(approvalsProblems.delegation_refused, 'nobody stands in for themselves')
    const [me, other] = [await staffMember(tx, tenant, principal.id as typeof to), await staffMember(tx, tenant, to)]
    if (me === undefined) return refuse(approvalsProblems.people_only)
    if (other === undefined) return refuse(doorProblems.not_found, 'there is no such colleague')
    const row: DelegationRow = { id: ctx.newId<'delegation'>(), from: principal.id, to, begun_at: now, ends_at }
    if (!(await insertDelegation(tx, row))) return refuse(approvalsProblems.delegated_already)
    ctx.publish({ type: 'approvals.delegated', subject: row.id, data: { delegation: row.id, to } })
    const [view] = await named(ctx, [row])
    return view ?? refuse(doorProblems.not_found)
  },
})

export const takeSeatBack = operation({
  name: 'approvals.end_delegation',
  summary: 'Take the own seat back before its time',
  input: z.strictObject({ delegation: idSchema('delegation') }),
  output: delegationSchema,
  access: { action: 'update', on: own },
  audit: (_input, delegation) => facts(delegation),
  http: { method: 'DELETE', path: '/v1/delegations/:delegation' },
  example: { input: { delegation: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, input) {
    const row = await endDelegation(ctx.tx, input.delegation, ctx.principal.id, ctx.now)
    const [view] = row === undefined ? [] : await named(ctx, [row])
    return view ?? refuse(doorProblems.not_found)
  },
})

export const listDelegations = operation({
  name: 'approvals.delegations',
  summary: 'List the seats that one has handed over, or that were handed to one, and to whom one could',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(delegationSchema), colleagues: z.array(colleagueSchema) }),
  access: { action: 'read', on: own },
  audit: { none: 'who stands in for whom, and what colleagues are called' },
  http: { method: 'GET', path: '/v1/delegations' },
  example: { input: {} },
  async run(ctx) {
    const { tx, tenant, now, principal } = ctx
    // A partner's engineer is told nothing of the staff.
    if (principal.kind !== 'user' || (await staffMember(tx, tenant, principal.id as never)) === undefined) return { data: [], colleagues: [] }
    const [rows, staff] = [await delegationsAround(tx, principal.id, now), await staffNames(tx, tenant)]
    return { data: await named(ctx, rows), colleagues: staff.filter(({ id }) => id !== principal.id) }
  },
})

async function named({ tx, tenant }: TransactionContext, rows: readonly DelegationRow[]): Promise<z.output<typeof delegationSchema>[]> {
  const people = await colleagues(
    tx,
    tenant,
    rows.flatMap(({ from, to }) => [from, to]),
  )
  return rows.flatMap((row) => {
    const [from, to] = [people.find(({ id }) => id === row.from), people.find(({ id }) => id === row.to)]
    return from === undefined || to === undefined ? [] : [{ ...row, from, to }]
  })
}
