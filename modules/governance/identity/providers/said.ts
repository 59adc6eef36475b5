/** What a provider says of somebody, once its word has been verified. Pure. */
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

export const nameOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined)

/** What is not text is passed over. */
export function groupsOf(value: unknown): readonly string[] | undefined {
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
