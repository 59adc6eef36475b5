import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { teamById } from '../../identity/index.ts'
import { projectsProblems } from '../problems.ts'
import { fitsKind, formOfSource, type HolderOf, holderSchema, limits, sourceKinds, sourceReference } from '../schema.ts'
import { deleteHolder, isInUse, listHolderRows, lockSource, putHolder } from '../store.ts'

const thing = { kind: z.enum(sourceKinds), reference: sourceReference }

export const nameHolder = operation({
  name: 'projects.name_holder',
  summary: 'Say which team answers for something that is kept',
  description:
    'From then on each project that wants to work with it, and each person who joins such a project, is approved by somebody of the team. Two different people must ask for the same.',
  input: z.strictObject({ ...thing, team: holderSchema.shape.team }).refine(fitsKind, formOfSource),
  output: holderSchema,
  access: { action: 'update', on: () => ({ type: 'data_holder' }) },
  audit: (_input, { team, kind, reference }) => ({ object: { kind: 'team', id: team }, details: { source_kind: kind, source: reference } }),
  approvals: 2,
  stepUp: true,
  http: { method: 'PUT', path: '/v1/data-holders/:kind/:reference' },
  example: { input: { kind: 'record_type', reference: 'customer', team: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [projectsProblems.member_unknown, projectsProblems.source_in_use, projectsProblems.holders_full],
  before: (ctx, input) => refusedHolder(ctx, input),
  async run(ctx, input) {
    await lockSource(ctx.tx, input.kind, input.reference)
    const refused = await refusedHolder(ctx, input)
    if (refused !== undefined) return refused
    const holder: HolderOf = { ...input, named_by: ctx.principal.id, named_at: ctx.now }
    await putHolder(ctx.tx, holder)
    return holder
  },
})

async function refusedHolder(ctx: TransactionContext, { kind, reference, team }: Pick<HolderOf, 'kind' | 'reference' | 'team'>) {
  if ((await teamById(ctx.tx, ctx.tenant, team)) === undefined) return refuse(projectsProblems.member_unknown)
  // What works with it already was approved by nobody who answers for it from now on.
  if (await isInUse(ctx.tx, kind, reference, ctx.now)) return refuse(projectsProblems.source_in_use)
  if ((await listHolderRows(ctx.tx)).length >= limits.holdersMax) return refuse(projectsProblems.holders_full)
  return undefined
}

export const dismissHolder = operation({
  name: 'projects.dismiss_holder',
  summary: 'Say that nobody has to be asked for something that is kept',
  description: 'Two different people must ask for the same.',
  input: z.strictObject(thing),
  output: holderSchema,
  access: { action: 'delete', on: () => ({ type: 'data_holder' }) },
  audit: (_input, { team, kind, reference }) => ({ object: { kind: 'team', id: team }, details: { source_kind: kind, source: reference } }),
  approvals: 2,
  stepUp: true,
  http: { method: 'DELETE', path: '/v1/data-holders/:kind/:reference' },
  example: { input: { kind: 'record_type', reference: 'customer' } },
  problems: [doorProblems.not_found, projectsProblems.source_in_use],
  async run(ctx, { kind, reference }) {
    await lockSource(ctx.tx, kind, reference)
    if (await isInUse(ctx.tx, kind, reference, ctx.now)) return refuse(projectsProblems.source_in_use)
    return (await deleteHolder(ctx.tx, kind, reference)) ?? refuse(doorProblems.not_found)
  },
})
