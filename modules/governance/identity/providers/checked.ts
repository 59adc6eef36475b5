/** What is checked of a provider's settings whenever they are saved. */
import { Problem } from '@gatehouse/core/problem'
import { toBase64url } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import { EgressError } from '@gatehouse/runtime/data/egress'
import type { ActContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { problems } from '../problems.ts'
import { administratorsBeside, domainRows, type ProviderRow, setDomains } from './store.ts'

const challengeBytes = 24
const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Of OpenID Connect, which the node itself asks. @throws Problem where the operator's list does not let the node reach it */
export function checkIssuer(ctx: Pick<ActContext, 'node'>, issuer: string): void {
  try {
    const url = ctx.node.egress.check(issuer)
    if (url.protocol !== 'https:' && !loopback.has(url.hostname))
      throw new Problem(problems.provider_refused, `${url.hostname}: plain http stays on this machine`)
    if (url.search !== '' || url.hash !== '') throw new Problem(problems.provider_refused, 'an issuer has neither a query nor a fragment')
  } catch (error) {
    if (error instanceof EgressError) throw new Problem(problems.provider_refused, error.message)
    throw error
  }
}

/** A provider that makes accounts is a way to invite: whoever lets it must have the right to do so by hand. @throws Problem */
export async function checkMaking(ctx: ActContext, { creates_accounts: creates }: Pick<ProviderRow, 'creates_accounts'>): Promise<void> {
  if (creates && !(await ctx.may('create', { type: 'user' })))
    throw new Problem(doorProblems.not_allowed, 'who makes accounts by a provider must be allowed to invite')
}

/** @throws Problem where another provider has one of them, or where nobody could administer while this one is away */
export async function keepDomains(ctx: ActContext, tx: Tx, row: ProviderRow, domains: readonly string[]): Promise<void> {
  const wanted = [...new Set(domains)].map((domain) => ({ domain, challenge: toBase64url(ctx.randomBytes(challengeBytes)) }))
  const taken = await setDomains(tx, ctx.tenant, row.id, wanted)
  if (taken.length > 0) throw new Problem(problems.domain_taken, taken.join(', '))
  await checkWayIn(ctx, tx, row)
}

/** @throws Problem where the provider would be the only way in for everybody who administers */
export async function checkWayIn(ctx: Pick<ActContext, 'tenant'>, tx: Tx, row: ProviderRow): Promise<void> {
  if (!row.required) return
  const domains = (await domainRows(tx, ctx.tenant, row.id)).map(({ domain }) => domain)
  if ((await administratorsBeside(tx, ctx.tenant, domains)) === 0) throw new Problem(problems.sso_locks_out)
}
