import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'

export type Document = Answer<'/v1/documents/{document}'>
export type Version = Document['versions'][number]

/** The first part of every key, for `useLive`. */
export const documentsKey = ['documents'] as const
/** Entries that say that a document has changed, or that a hold was placed or lifted. */
export const documentNews = ['documents.*', 'retention.hold', 'retention.lift'] as const

/** @param person kept by the page alone: whom one asks about stands in no address */
export function documentPages(person: string | undefined) {
  const asked = person === undefined ? {} : { user_id: person }
  return cursorPages<Document>([...documentsKey, 'list', asked], (cursor, signal) =>
    ask(() => api.POST('/v1/documents/search', { body: { ...asked, ...cursor, limit: pageSize }, signal })),
  )
}

export function documentQuery(id: string) {
  return queryOptions({
    queryKey: [...documentsKey, id],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/documents/{document}', { params: { path: { document: id } }, signal })),
  })
}

export interface NewDocument {
  readonly title: string
  readonly source: string
  readonly user_id?: string
  readonly retain_until?: string
}

export async function createDocument(body: NewDocument): Promise<string> {
  return (await ask(() => api.POST('/v1/documents', { body }))).id
}

export async function removeDocument(id: string): Promise<void> {
  await ask(() => api.DELETE('/v1/documents/{document}', { params: { path: { document: id } } }))
}

export async function scanAgain(id: string, version: number): Promise<void> {
  await ask(() => api.POST('/v1/documents/{document}/versions/{version}/scan', { params: { path: { document: id, version } } }))
}

/** The browser writes the answer into its own folder as it comes. */
export function contentAddress(id: string, version: number, purpose: string): string {
  return `/v1/documents/${encodeURIComponent(id)}/versions/${String(version)}/content?${new URLSearchParams({ purpose }).toString()}`
}
