/** Who speaks: the directory of an institution's provider, known by its token. */
import { Problem } from '@gatehouse/core/problem'
import { parseToken, tokenHash } from '@gatehouse/crypto/token'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { problems } from '../problems.ts'
import type { ProviderRow } from '../providers/store.ts'
import { type Filter, FilterError, matches, parseFilter } from './filter.ts'
import { PatchError, type PatchOperation, patched } from './patch.ts'
import { projected, type Resource, schemas, type Wanted } from './resources.ts'
import { scimLimits } from './schema.ts'
import { providerByToken } from './store.ts'

export const scimBase = '/scim/v2'
export const tokenReason = 'The directory’s token is the permission: it finds the provider, and with it the institution.'

/** From here on the act is of the provider's institution. @throws Problem where the token is nobody's */
export async function directory(ctx: TransactionContext): Promise<{ readonly provider: ProviderRow; readonly base: string }> {
  const [, presented = ''] = /^bearer +(\S+)$/i.exec(ctx.knock.authorization ?? '') ?? []
  const token = parseToken(presented, 'ghp_')
  const provider = token === undefined ? undefined : await providerByToken(ctx.tx, tokenHash(ctx.node.keys.primitives, token))
  if (provider === undefined) throw new Problem(doorProblems.not_authenticated)
  await ctx.actAs({ kind: 'system', id: provider.id, tenant: provider.tenant_id, roles: [] })
  return { provider, base: `${ctx.node.addresses.origin}${scimBase}` }
}

/** RFC 7644 section 3.12: the answer names the kind of fault. */
export function unfit(scimType: 'invalidFilter' | PatchError['scimType'], detail: string): Refusal {
  return refuse(problems.scim_invalid, detail, { details: { reason: scimType } }, { scimType })
}

export function taken(): Refusal {
  return refuse(problems.scim_taken, undefined, {}, { scimType: 'uniqueness' })
}

/** The resource as the operations of a PATCH leave it. */
export function afterPatch(resource: Resource, operations: readonly PatchOperation[]): Resource | Refusal {
  try {
    return patched(resource, operations)
  } catch (error) {
    if (error instanceof PatchError) return unfit(error.scimType, error.message)
    throw error
  }
}

/** An id that could be one of ours; anything else is simply not found. */
export const isOwnId = (id: string): boolean => /^[0-9a-f-]{36}$/.test(id)

interface Asked extends Wanted {
  readonly filter?: string | undefined
  readonly startIndex?: number | undefined
  readonly count?: number | undefined
}

/** A page of what the filter lets through; the first is number 1 (RFC 7644 section 3.4.2.4). */
export function pageOfList(all: readonly Resource[], { filter: text, startIndex = 1, count = scimLimits.pageDefault, ...wanted }: Asked): Resource | Refusal {
  let filter: Filter | undefined
  try {
    filter = text === undefined ? undefined : parseFilter(text)
  } catch (error) {
    if (error instanceof FilterError) return unfit('invalidFilter', error.message)
    throw error
  }
  const found = filter === undefined ? all : all.filter((one) => matches(one, filter))
  const from = Math.max(1, startIndex)
  const Resources = found.slice(from - 1, from - 1 + Math.min(Math.max(0, count), scimLimits.pageMax)).map((one) => projected(one, wanted))
  return { schemas: [schemas.list], totalResults: found.length, startIndex: from, itemsPerPage: Resources.length, Resources }
}
