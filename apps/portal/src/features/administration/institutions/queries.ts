import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type Institution = Answer<'/v1/institutions'>['data'][number] & {
  /** When the erasure that two operators asked for begins or began; absent where none was. */
  readonly erasedFrom?: string
}

export const institutionsKey = ['institutions'] as const

/** They are of the node, whose log is not this institution's: nothing tells of a new one but who adds it here. */
export const institutionsQuery = queryOptions({
  queryKey: institutionsKey,
  queryFn: async ({ signal }): Promise<Institution[]> => {
    const [{ data }, erasures] = await Promise.all([
      ask(() => api.GET('/v1/institutions', { signal })),
      ask(() => api.GET('/v1/institution-erasures', { signal })),
    ])
    const ending = new Map(erasures.data.filter(({ state }) => state !== 'cancelled').map(({ institution, due_at }) => [institution, due_at]))
    return data.map((row) => {
      const erasedFrom = ending.get(row.id)
      return erasedFrom === undefined ? row : { ...row, erasedFrom }
    })
  },
})

interface Administrator {
  readonly email: string
  readonly name: string
}

const refresh = () => queryClient.invalidateQueries({ queryKey: institutionsKey })

/** @returns the one-time link for the first administrator */
export async function addInstitution(body: { slug: string; name: string; administrator: Administrator }): Promise<string> {
  const { invitation } = await ask(() => api.POST('/v1/institutions', { body }))
  await refresh()
  return invitation.link
}

/** @returns the one-time link, in place of the earlier ones */
export async function inviteAdministrator({ institution, administrator }: { institution: string; administrator: Administrator }): Promise<string> {
  const { link } = await ask(() => api.POST('/v1/institutions/{institution}/invitation', { params: { path: { institution } }, body: { administrator } }))
  await refresh()
  return link
}
