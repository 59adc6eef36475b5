/** The applications that somebody lets act for them, and how to end that. */
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { scopesOf } from '../../access/index.ts'
import { claimsOf, connectionSchema, limits } from '../schema.ts'
import { applicationById, connectionsOf, endConnections } from '../store.ts'
import { ownConnection } from './request.ts'
import { applicationShown } from './shown.ts'

export const mine = operation({
  name: 'applications.mine',
  summary: 'List the applications that act for oneself',
  input: z.strictObject({}),
  output: z.strictObject({ connections: z.array(connectionSchema) }),
  access: { action: 'read', on: ownConnection },
  audit: { none: 'What one has connected oneself; it shows nothing of one’s records.' },
  http: { method: 'GET', path: '/v1/me/applications' },
  example: { input: {} },
  async run(ctx) {
    const { tx, tenant, principal } = ctx
    const rows = await connectionsOf(tx, tenant, principal.id, limits.connectionsShown)
    const connections = await Promise.all(
      rows.map(async ({ id, application_id: of, scope, audience, created_at }) => {
        const application = await applicationById(tx, tenant, of)
        if (application === undefined) throw new Error('a connection has lost its application')
        return { id, application: await applicationShown(ctx, application), scopes: scopesOf(scope), claims: claimsOf(scope), audience, created_at }
      }),
    )
    return { connections }
  },
})

export const disconnect = operation({
  name: 'applications.disconnect',
  summary: 'Withdraw what one has allowed an application',
  description: 'Its codes and refresh tokens end at once, its access tokens within a second.',
  input: z.strictObject({ connection: idSchema('connection') }),
  output: z.strictObject({ connection: idSchema('connection') }),
  access: { action: 'delete', on: ownConnection },
  audit: (_input, { connection }) => ({ object: { kind: 'connection', id: connection } }),
  http: { method: 'DELETE', path: '/v1/me/applications/:connection' },
  example: { input: { connection: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx, tenant, principal, now, publish }, { connection }) {
    const [ended] = await endConnections(tx, tenant, { id: connection, user: principal.id }, now)
    if (ended === undefined) throw new Problem(doorProblems.not_found)
    publish({ type: 'applications.disconnected', subject: ended, data: { connection: ended } })
    return { connection: ended }
  },
})
