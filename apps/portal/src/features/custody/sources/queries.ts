import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'

export type Source = Row<'/v1/data-sources'>
export type Kind = Row<'/v1/source-kinds'>

export type Table = Answer<'/v1/tables/{table}'>
export type Column = Table['columns'][number]
export type Change = Table['changes'][number]['changes'][number]
type NewSource = Body<'/v1/data-sources'>

export const sourcesKey = ['data-sources'] as const
export const sourceNews = ['catalog.*']

export const sourcePages = () =>
  cursorPages<Source>([...sourcesKey, 'list'], (cursor, signal) =>
    ask(() => api.GET('/v1/data-sources', { params: { query: { ...cursor, limit: pageSize } }, signal })),
  )

export const kindsQuery = queryOptions({
  queryKey: [...sourcesKey, 'kinds'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/source-kinds', { signal }))).data,
  staleTime: Number.POSITIVE_INFINITY,
})

export const sourceQuery = (source: string) =>
  queryOptions({
    queryKey: [...sourcesKey, source],
    queryFn: ({ signal }) => ask<Source>(() => api.GET('/v1/data-sources/{source}', { params: { path: { source } }, signal })),
  })

export const tablesQuery = (source: string) =>
  queryOptions({
    queryKey: [...sourcesKey, source, 'tables'],
    queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/tables', { params: { query: { source, limit: 200 } }, signal }))).data,
  })

export const tableQuery = (table: string) =>
  queryOptions({
    queryKey: [...sourcesKey, 'table', table],
    queryFn: ({ signal }) => ask<Table>(() => api.GET('/v1/tables/{table}', { params: { path: { table } }, signal })),
  })

export const changed = () => queryClient.invalidateQueries({ queryKey: sourcesKey })
const of = (source: string) => ({ params: { path: { source } } })

export async function addSource(body: NewSource): Promise<Source> {
  const made = await ask(() => api.POST('/v1/data-sources', { body }))
  await changed()
  return made
}

export async function changeSource(
  source: string,
  body: { state?: Source['state']; title?: string; settings?: Source['settings']; revision: number },
): Promise<void> {
  await ask(() => api.PATCH('/v1/data-sources/{source}', { ...of(source), body: body as never }))
  await changed()
}

export async function removeSource(source: string): Promise<void> {
  await ask(() => api.DELETE('/v1/data-sources/{source}', of(source)))
  await changed()
}

/** Whether it answers, and what a new look through it would find. */
export async function checkSource(source: string) {
  const found = await ask(() => api.POST('/v1/data-sources/{source}/check', of(source)))
  await changed()
  return found
}

export type Look = NonNullable<Answer<'/v1/data-sources/{source}/look'>['look']>
export type Discovered = NonNullable<Look['found']>

const lookMs = 300
export const isUnderWay = (look: Look | null | undefined): boolean => look?.state === 'waiting' || look?.state === 'looking'

/** The last look through the source; asked for again and again while it goes on. */
export const lookQuery = (source: string) =>
  queryOptions({
    queryKey: [...sourcesKey, source, 'look'],
    queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/data-sources/{source}/look', { ...of(source), signal }))).look,
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? lookMs : false),
  })

export async function beginLook(source: string): Promise<void> {
  const look: Look = await ask(() => api.POST('/v1/data-sources/{source}/discover', of(source)))
  queryClient.setQueryData(lookQuery(source).queryKey, look)
}

export async function cancelLook(source: string): Promise<void> {
  const look: Look = await ask(() => api.POST('/v1/data-sources/{source}/look/cancel', of(source)))
  queryClient.setQueryData(lookQuery(source).queryKey, look)
}

export async function putSecret(source: string, secret: Readonly<Record<string, unknown>>): Promise<void> {
  await ask(() => api.PUT('/v1/data-sources/{source}/secret', { ...of(source), body: { secret: secret as never } }))
  await changed()
}

type TableChange = {
  readonly title?: string
  readonly description?: string | null
  readonly floor?: number
  readonly columns?: readonly ({ name: string } & Partial<Column>)[]
}

export async function changeTable(table: string, revision: number, change: TableChange): Promise<void> {
  await ask(() => api.PATCH('/v1/tables/{table}', { params: { path: { table } }, body: { ...change, revision } as never }))
  await changed()
}

/** A job looks at the values; what may be told of them stands in the catalogue afterwards. */
export async function measureTable(table: string): Promise<void> {
  await ask(() => api.POST('/v1/tables/{table}/profile', { params: { path: { table } } }))
}
