/**
 * The first administrator of the node's own institution. While it has no users the node prints a one-time token at its start; whoever can read what it prints may
 * become its administrator, once.
 */

import { newId } from '@gatehouse/core/id'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import { issueToken, parseToken, tokenHash } from '@gatehouse/crypto/token'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { recordOwnAct } from '../../ledger/index.ts'
import { defaultTenant, ensureTenant } from '../tenancy/index.ts'
import { enter } from './enter.ts'
import { stoppedAtEntrance } from './entrance.ts'
import { refusedPassword } from './passwords/refuse-password.ts'
import { problems } from './problems.ts'
import { firstRunInput, limits, signedInSchema } from './schema.ts'
import { anyUser, insertUser, lockFirstRun, lockInvitation, replaceInvitation, spendInvitation } from './store.ts'
import { signedInFacts } from './user.ts'

/** @returns a fresh token to show to whoever starts the node, or `undefined` once somebody has used one */
export async function firstRunToken(node: Node): Promise<string | undefined> {
  const { id: tenant } = await ensureTenant(node, defaultTenant.slug, defaultTenant.name)
  const now = instantOf(node.source.nowMs())
  const { token, hash } = issueToken(node.keys.primitives, 'gh_first_')
  return node.database.transaction('node', async (tx) => {
    await lockFirstRun(tx)
    if (await anyUser(tx, tenant)) return undefined
    const id = newId<'invitation'>(node.source)
    const invitation = { tenant_id: tenant, id, user_id: null, created_at: now, expires_at: addSeconds(now, limits.firstRunHours * 3600) }
    await replaceInvitation(tx, invitation, hash)
    await recordOwnAct(tx, node, { tenant, by: 'identity', type: 'identity.first_run_token', facts: { object: { kind: 'invitation', id } } })
    return token
  })
}

export const firstRun = operation({
  name: 'identity.first_run',
  summary: 'Create the first administrator',
  description: 'Takes the token that the node prints at its start while it has no users. It works once.',
  input: firstRunInput,
  output: signedInSchema,
  access: { public: 'There is nobody yet who could be asked; the token is the permission.' },
  audit: (_input, output) => signedInFacts(output),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/first-run', status: 201 },
  example: { input: { token: 'gh_first_…', name: 'Ada Lovelace', email: 'ada@example.org', password: 'four quiet otters read' } },
  problems: [problems.token_refused, problems.password_refused, problems.signed_in, problems.foreign_origin],
  async run(ctx, { token, name, email, password }) {
    const stopped = stoppedAtEntrance(ctx)
    if (stopped !== undefined) return stopped
    const fault = refusedPassword(password, { email, name })
    if (fault !== undefined) return fault
    const parsed = parseToken(token, 'gh_first_')
    await lockFirstRun(ctx.tx)
    const invitation = parsed && (await lockInvitation(ctx.tx, tokenHash(ctx.node.keys.primitives, parsed), 'first_run', ctx.now))
    if (invitation === undefined || (await anyUser(ctx.tx, invitation.tenant_id))) return refuse(problems.token_refused)
    await spendInvitation(ctx.tx, invitation)
    const user = {
      tenant_id: invitation.tenant_id,
      id: ctx.newId<'user'>(),
      email,
      name,
      roles: ['administrator'],
      created_at: ctx.now,
      partner_id: null,
      subject_id: null,
    }
    await insertUser(ctx.tx, user)
    return enter(ctx, { ...user, disabled_at: null, active: false }, password)
  },
})
