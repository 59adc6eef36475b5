import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'
import { isObject } from '../../../ui/json/document.ts'

export type Beacon = Answer<'/v1/beacon'>
export type Setting = NonNullable<Beacon['setting']>

const beaconKey = ['beacon'] as const
export const beaconNews = ['beacon.*']
export { beaconKey }

export const beaconQuery = queryOptions({
  queryKey: beaconKey,
  queryFn: ({ signal }) => ask<Beacon>(() => api.GET('/v1/beacon', { signal })),
})

export async function setBeacon(setting: Setting): Promise<void> {
  await ask(() => api.PUT('/v1/beacon', { body: setting }))
  await queryClient.invalidateQueries({ queryKey: beaconKey })
}

/** A document whose parts the form can show; what is wrong in them the node says. */
export const asSetting = (value: unknown): Setting | undefined =>
  isObject(value) && isObject(value.granularity) && Array.isArray(value.terms) ? (value as unknown as Setting) : undefined

/** To begin with: off, and nobody is answered more than whether there are any. */
export const firstSetting = (origin: string) => ({
  enabled: false,
  id: `${new URL(origin).hostname.split('.').reverse().join('.')}.beacon`,
  name: '',
  description: '',
  organization: { name: '', url: origin },
  project: '',
  individuals: '',
  granularity: { public: 'none', registered: 'boolean', controlled: 'count' },
  questions_per_day: 200,
  terms: [],
})
