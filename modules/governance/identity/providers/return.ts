import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { anonymous, nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, type Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { beginSession } from '../begin-session.ts'
import { stoppedAtEntrance } from '../entrance.ts'
import { problems } from '../problems.ts'
import { signedInSchema } from '../schema.ts'
import { keepStay, type StayRow } from '../sessions/store.ts'
import { settle } from '../settle.ts'
import { insertAccount, insertUser, rememberProof, type UserRow, userById } from '../store.ts'
import { placeInTeam } from '../teams/store.ts'
import { principalOf, signedInFacts } from '../user.ts'
import { AnswerError, ProviderError, type Told } from './protocol.ts'
import { protocolOf } from './protocols.ts'
import { type Said, teamsBy } from './said.ts'
import { providerId } from './schema.ts'
import { keptOf } from './stay.ts'
import { anyProvider, type ProviderRow } from './store.ts'
import { readTicket } from './ticket.ts'
import { accountOf, type Whom, whom } from './whom.ts'

export const returnFromSso = operation({
  name: 'identity.sign_in_sso',
  kind: 'steps',
  summary: 'Come back from a provider, and be signed in',
  description:
    'Takes what the provider gave the browser. The session begins as after a password: a second factor is asked for where one is due, unless the institution takes the provider’s word for it.',
  input: z.strictObject({
    provider: providerId,
    state: z.string().min(1).max(200),
    code: z.string().min(1).max(4000).optional(),
    /** RFC 9207. */
    iss: z.string().max(300).optional(),
    /** Of SAML: the handle of a response that was taken. */
    answer: z.string().max(100).optional(),
    /** What the provider says where it let nobody in. */
    error: z.string().max(100).optional(),
  }),
  output: signedInSchema,
  access: { public: 'Whoever signs in is not yet anybody; the provider’s word is checked.' },
  audit: (_input, output) => signedInFacts(output),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/sso/return' },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001', state: '…', code: '…' } },
  problems: [problems.sso_refused, problems.sso_away, problems.account_closed, problems.signed_in, problems.foreign_origin],
  async run(ctx, { provider: id, error, ...answer }) {
    const stopped = stoppedAtEntrance(ctx)
    if (stopped !== undefined) return stopped
    const { node } = ctx
    const ticket = await readTicket(node, id, ctx.knock.entranceToken)
    // Another browser's answer, another provider's, one that comes too late, and one that is nobody's.
    if (ticket === undefined || ticket.state !== answer.state) return ssoRefused('expired')
    const provider = await node.database.transaction('node', async (tx) =>
      (await rememberProof(tx, nodeTenant, ticket.digest, ticket.endsAt)) ? anyProvider(tx, id) : undefined,
    )
    if (provider === undefined) return ssoRefused('expired')
    const inside = () => ctx.actAs({ ...anonymous, tenant: provider.tenant_id })
    if (error !== undefined || (answer.code === undefined && answer.answer === undefined)) {
      await inside()
      return ssoRefused(error === 'invalid_response' ? 'invalid' : 'declined', provider)
    }
    let told: Told
    try {
      told = await protocolOf(provider).told(node, provider, ticket, answer)
    } catch (fault) {
      await inside()
      if (fault instanceof AnswerError) return ssoRefused('invalid', provider, { why: fault.code })
      if (!(fault instanceof ProviderError)) throw fault
      node.log.warn({ provider: id, why: fault.message }, 'an identity provider cannot be used')
      return refuse(problems.sso_away, undefined, { object: { kind: 'identity_provider', id } })
    }
    const found = await node.database.transaction(provider.tenant_id, (tx) => whom(tx, provider, told.said))
    if (found.outcome === 'refused') {
      await inside()
      return ssoRefused(found.reason, provider, found.user === undefined ? {} : { user: found.user.id })
    }
    const user = found.outcome === 'create' ? accountOf(provider, ctx.newId<'user'>(), found.email, told.said.name, ctx.now) : found.user
    const session = ctx.newId<'session'>()
    const stay = await keptOf(node, provider, told.stay)
    await ctx.actAs(principalOf(provider.tenant_id, user.id, user, { session }))
    return ctx.step((tx) => enterBy(ctx, tx, { provider, told: told.said, stay, found, user, session }))
  },
})

interface Entering {
  readonly provider: ProviderRow
  readonly told: Said
  readonly stay: StayRow
  readonly found: Whom
  readonly user: UserRow
  readonly session: Id<'session'>
}

async function enterBy(ctx: StepsContext, tx: Tx, { provider, told, stay, found, user, session: id }: Entering) {
  const { node, now, tenant } = ctx
  if (found.outcome === 'create') {
    if (!(await insertUser(tx, user))) throw new Problem(problems.email_taken)
    await ctx.record(tx, 'identity.account_made', { object: { kind: 'user', id: user.id }, details: { provider: provider.id, roles: user.roles } })
  }
  if (found.outcome !== 'known') {
    await insertAccount(tx, tenant, { id: ctx.newId<'request'>(), userId: user.id, providerId: provider.id, accountId: told.subject, password: null }, now)
    await ctx.record(tx, 'identity.account_linked', { object: { kind: 'user', id: user.id }, details: { provider: provider.id } })
  }
  // Asked again where it counts: the account may have been closed since it was found.
  if ((await userById(tx, tenant, user.id))?.disabled_at !== null) throw new Problem(problems.account_closed)
  let placed = 0
  for (const [team, member] of told.groups === undefined ? [] : teamsBy(told.groups, provider)) {
    if (await placeInTeam(tx, tenant, team as Id<'team'>, user.id, member)) placed += 1
  }
  const session = await beginSession(node, { tx, tenant, now, newId: ctx.newId }, user.id, id)
  await keepStay(tx, tenant, id, stay)
  ctx.describe({ details: { provider: provider.id, session: id, factor: told.factor, teams_changed: placed } })
  return settle({ tx, node, now, knock: ctx.knock }, user, session, told.factor ? 'provider_and_factor' : 'provider')
}

function ssoRefused(reason: string, provider?: ProviderRow, details: Readonly<Record<string, string>> = {}): Refusal {
  return refuse(
    problems.sso_refused,
    undefined,
    { ...(provider === undefined ? {} : { object: { kind: 'identity_provider', id: provider.id } }), details: { reason, ...details } },
    { reason },
  )
}
