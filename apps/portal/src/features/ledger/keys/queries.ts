import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type Keys = Answer<'/v1/keys'>
export type Rotation = Keys['rotations'][number]
export type TenantKey = Keys['tenant_keys'][number]

export type SigningKey = Keys['signing_keys'][number]

export const keysKey = ['keys'] as const

const moving = ({ moved_at, faults }: Rotation) => moved_at === null && faults === 0

/** Looked at again while keys are being moved: a page of them leaves no entry. */
export const keysQuery = queryOptions({
  queryKey: keysKey,
  queryFn: ({ signal }) => ask(() => api.GET('/v1/keys', { signal })),
  refetchInterval: ({ state: { data } }) => (data?.rotations.some(moving) ? 1_000 : false),
})

export async function rotateKey(): Promise<number> {
  const { version } = await ask(() => api.POST('/v1/keys/rotate'))
  await queryClient.invalidateQueries({ queryKey: keysKey })
  return version
}

/** @param days for which the old key signs along, so that those who check can take the new one */
export async function rotateSigning(key: SigningKey['key'], days: number): Promise<void> {
  await ask(() => api.POST('/v1/keys/signing', { body: { key, earlier_days: days } }))
  await queryClient.invalidateQueries({ queryKey: keysKey })
}
