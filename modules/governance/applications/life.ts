/** The acts that move an application through its states, one row of the table each. */
import { idSchema } from '@gatehouse/core/schema'
import { operation, type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { reviewDemanded } from '../approvals/index.ts'
import { applicationFacts, applicationOf } from './application.ts'
import { heldApplication, ownApplication, ownerOf } from './own.ts'
import { problems } from './problems.ts'
import { type Application, applicationSchema } from './schema.ts'
import { type ApplicationEvent, applicationLife } from './states.ts'
import { type ApplicationRow, endConnections, updateApplication } from './store.ts'

const named = z.strictObject({ application: idSchema('application') })
const example = { input: { application: '01980000-0000-7000-8000-000000000001' } }
const moves = [doorProblems.not_found, problems.wrong_state]

/** The application is held. */
export async function move(ctx: TransactionContext, row: ApplicationRow, event: ApplicationEvent): Promise<Application | Refusal> {
  const state = applicationLife.next(row.state, event)
  if (state === undefined) return refuse(problems.wrong_state, `it is ${row.state}`, { object: { kind: 'application', id: row.id } })
  const next = { ...row, state, updated_at: ctx.now }
  await updateApplication(ctx.tx, next)
  ctx.publish({ type: 'applications.moved', subject: row.id, data: { application: row.id, state } })
  return applicationOf(next)
}

export const submit = operation({
  name: 'applications.submit',
  summary: 'Submit an application to be judged',
  input: named,
  output: applicationSchema,
  access: { action: 'update', on: ownApplication },
  audit: (_input, application) => applicationFacts(application),
  http: { method: 'POST', path: '/v1/applications/:application/submit' },
  example,
  problems: moves,
  run: async (ctx, { application }) => move(ctx, await heldApplication(ctx, application, 'update'), 'submit'),
})

export const admit = operation({
  name: 'applications.admit',
  summary: 'Let a submitted application go live',
  description:
    'By somebody else than whoever registered or owns it. Where the institution demands a review of applications, ask for that instead: its approval admits.',
  input: z.strictObject({ application: idSchema('application'), revision: z.int().describe('The one that was judged') }),
  output: applicationSchema,
  access: { action: 'publish', on: ({ application }) => ({ type: 'application', id: application }) },
  audit: (_input, application) => applicationFacts(application),
  stepUp: true,
  http: { method: 'POST', path: '/v1/applications/:application/admit' },
  example: { input: { ...example.input, revision: 1 } },
  problems: [...moves, problems.own_application, problems.asked_otherwise],
  async run(ctx, { application, revision }) {
    const demanded = await reviewDemanded(ctx, 'applications.admit')
    if (demanded !== undefined) return demanded
    const row = await heldApplication(ctx, application, 'publish')
    if (row.registered_by === ctx.principal.id || row.owner_id === ownerOf(ctx.principal)) return refuse(problems.own_application)
    if (row.revision !== revision) return refuse(problems.asked_otherwise)
    return move(ctx, row, 'admit')
  },
})

export const giveBack = operation({
  name: 'applications.give_back',
  summary: 'Give a submitted application back to its developers',
  input: named,
  output: applicationSchema,
  access: { action: 'publish', on: ({ application }) => ({ type: 'application', id: application }) },
  audit: (_input, application) => applicationFacts(application),
  http: { method: 'POST', path: '/v1/applications/:application/return' },
  example,
  problems: moves,
  run: async (ctx, { application }) => move(ctx, await heldApplication(ctx, application, 'publish'), 'return'),
})

export const suspend = operation({
  name: 'applications.suspend',
  summary: 'Suspend an application',
  description: 'Within a second none of its tokens opens anything, and it gets no others. What people connected stays for when it is resumed.',
  input: named,
  output: applicationSchema,
  access: { action: 'publish', on: ({ application }) => ({ type: 'application', id: application }) },
  audit: (_input, application) => applicationFacts(application),
  http: { method: 'POST', path: '/v1/applications/:application/suspend' },
  example,
  problems: moves,
  run: async (ctx, { application }) => move(ctx, await heldApplication(ctx, application, 'publish'), 'suspend'),
})

export const resume = operation({
  name: 'applications.resume',
  summary: 'Let a suspended application go on',
  input: named,
  output: applicationSchema,
  access: { action: 'publish', on: ({ application }) => ({ type: 'application', id: application }) },
  audit: (_input, application) => applicationFacts(application),
  stepUp: true,
  http: { method: 'POST', path: '/v1/applications/:application/resume' },
  example,
  problems: moves,
  run: async (ctx, { application }) => move(ctx, await heldApplication(ctx, application, 'publish'), 'resume'),
})

export const retire = operation({
  name: 'applications.retire',
  summary: 'End an application with all connections to it',
  input: named,
  output: applicationSchema,
  access: { action: 'delete', on: ownApplication },
  audit: (_input, application) => applicationFacts(application),
  http: { method: 'DELETE', path: '/v1/applications/:application' },
  example,
  problems: moves,
  async run(ctx, { application }) {
    const row = await heldApplication(ctx, application, 'delete')
    const retired = await move(ctx, row, 'retire')
    if ('state' in retired) await endConnections(ctx.tx, ctx.tenant, { application: row.id }, ctx.now)
    return retired
  },
})
