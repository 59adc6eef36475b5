import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Row } from '../../../api.ts'
import { cursorPages } from '../../../pages-of.ts'

export type Disclosure = Row<'/v1/me/disclosures'>

export const disclosuresKey = ['my-disclosures'] as const

/** So many at once; “show earlier” brings the next. */
const shownAtOnce = 50

export function disclosurePages() {
  return cursorPages<Disclosure>([...disclosuresKey, 'list'], (cursor, signal) =>
    ask(() => api.GET('/v1/me/disclosures', { params: { query: { ...cursor, limit: shownAtOnce } }, signal })),
  )
}

export type Look = Row<'/v1/me/reads'>

export function lookPages() {
  return cursorPages<Look>([...disclosuresKey, 'reads'], (cursor, signal) =>
    ask(() => api.GET('/v1/me/reads', { params: { query: { ...cursor, limit: shownAtOnce } }, signal })),
  )
}

/** By id the moment at which each of one's consents was given. */
export function consentDaysQuery() {
  return queryOptions({
    queryKey: [...disclosuresKey, 'consents'],
    queryFn: async ({ signal }) => {
      const days = new Map<string, string>()
      let cursor: { cursor?: string } = {}
      for (;;) {
        const page = await ask(() => api.GET('/v1/me/consents', { params: { query: { ...cursor, limit: 200 } }, signal }))
        for (const { id, given_at } of page.data) days.set(id, given_at)
        if (page.next === null) return days
        cursor = { cursor: page.next }
      }
    },
  })
}
