/** What a provider says of somebody, once its word has been verified. Pure. */
import { email as emailSchema } from '../schema.ts'
import { providerLimits } from './schema.ts'
import type { ProviderRow } from './store.ts'

export interface Said {
  readonly subject: string
  /** Only where the provider says that it verified it, or the institution takes its word without. */
  readonly email: string | undefined
  readonly name: string | undefined
  /** `undefined` where nothing was said of groups: then teams stay as they are. */
  readonly groups: readonly string[] | undefined
  /** Whether it says that a second factor was proven, in one of the words that the institution takes. */
  readonly factor: boolean
}

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
    name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 200) : undefined,
    groups: groupsClaim === null ? undefined : groupsOf(claims[groupsClaim]),
    factor: means.some((one) => typeof one === 'string' && factors.includes(one)),
  }
}

function groupsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return undefined
  return value.filter((one): one is string => typeof one === 'string').slice(0, providerLimits.groups)
}

/** Which of the institution's teams somebody is in by these groups, and which not: teams that stand for no group are left alone. */
export function teamsBy(groups: readonly string[], { teams }: Pick<ProviderRow, 'teams'>): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>()
  for (const { group, team } of teams) found.set(team, (found.get(team) ?? false) || groups.includes(group))
  return found
}

export const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1)
