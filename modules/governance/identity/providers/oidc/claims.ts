/** What the claims of OpenID Connect say of somebody, once they have been verified. Pure. */
import { email as emailSchema } from '../../schema.ts'
import { groupsOf, nameOf, type Said } from '../said.ts'
import type { ProviderRow } from '../store.ts'

type Claims = Readonly<Record<string, unknown>>
type Rule = Pick<ProviderRow, 'groups_claim' | 'trusts_email' | 'factors'>

export function said(claims: Claims, { groups_claim: groupsClaim, trusts_email: trusts, factors }: Rule): Said {
  const { sub, email, email_verified: verified, name, acr, amr } = claims
  const address = emailSchema.safeParse(email)
  // Some providers write the truth as a text. What was denied is not trusted by anybody.
  const counts = verified === true || verified === 'true' || (trusts && verified === undefined)
  const means = [acr, ...(Array.isArray(amr) ? amr : [])]
  return {
    subject: String(sub),
    email: address.success && counts ? address.data : undefined,
    name: nameOf(name),
    groups: groupsClaim === null ? undefined : groupsOf(claims[groupsClaim]),
    factor: means.some((one) => typeof one === 'string' && factors.includes(one)),
  }
}
