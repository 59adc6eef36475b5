import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'

export type ResultRow = Row<'/v1/projects/{project}/results'>
export type Result = Answer<'/v1/projects/{project}/results/{result}'>
export type RowsPage = Answer<'/v1/projects/{project}/results/{result}/rows'>
export type Cells = RowsPage['data'][number]
export type Origin = Answer<'/v1/projects/{project}/results/{result}/cells'>
export type Report = Result['report']
type Wish = Body<'/v1/projects/{project}/results/{result}/reidentifications'>

export const resultsKey = ['query-results'] as const
export const resultNews = ['query.*', 'approvals.*']

export const resultPages = (project: string) => () =>
  cursorPages<ResultRow>([...resultsKey, project, 'list'], (cursor, signal) =>
    ask(() => api.GET('/v1/projects/{project}/results', { params: { path: { project }, query: { ...cursor, limit: pageSize } }, signal })),
  )

export const recentResults = (project: string) =>
  queryOptions({
    queryKey: [...resultsKey, project, 'recent'],
    queryFn: async ({ signal }) =>
      (await ask(() => api.GET('/v1/projects/{project}/results', { params: { path: { project }, query: { limit: 20 } }, signal }))).data,
  })

export const readResult = (project: string, result: string, signal: AbortSignal) =>
  ask<Result>(() => api.GET('/v1/projects/{project}/results/{result}', { params: { path: { project, result } }, signal }))

/** A row with its number in the result: that is how one asks where a cell comes from. */
export interface NumberedRow {
  readonly number: number
  readonly cells: Cells
}

const rowsAtOnce = 1_000

export const rowPages = (project: string, result: string) => () =>
  cursorPages<NumberedRow>([...resultsKey, project, result, 'rows'], async ({ cursor }, signal) => {
    const page = await ask<RowsPage>(() =>
      api.GET('/v1/projects/{project}/results/{result}/rows', {
        params: { path: { project, result }, query: { ...(cursor === undefined ? {} : { cursor }), limit: rowsAtOnce } },
        signal,
      }),
    )
    // A cursor is the number of the row that it begins with.
    return { data: page.data.map((cells, at) => ({ number: Number(cursor ?? 0) + at, cells })), next: page.next }
  })

/** The rows that a chart is drawn of. */
export const firstRows = (project: string, result: string) =>
  queryOptions({
    queryKey: [...resultsKey, project, result, 'first'],
    queryFn: ({ signal }) =>
      ask<RowsPage>(() =>
        api.GET('/v1/projects/{project}/results/{result}/rows', { params: { path: { project, result }, query: { limit: rowsAtOnce } }, signal }),
      ),
    gcTime: 0,
  })

export const originQuery = (project: string, result: string, row: number, column: string) =>
  queryOptions({
    queryKey: [...resultsKey, project, result, 'cell', row, column],
    queryFn: ({ signal }) =>
      ask<Origin>(() => api.GET('/v1/projects/{project}/results/{result}/cells', { params: { path: { project, result }, query: { row, column } }, signal })),
    gcTime: 0,
  })

export const askDownload = (project: string, result: string, format: Result['formats'][number]) =>
  ask(() => api.POST('/v1/projects/{project}/results/{result}/downloads', { params: { path: { project, result } }, body: { format } }))

export async function makeSource(project: string, result: string): Promise<void> {
  await ask(() => api.POST('/v1/projects/{project}/results/{result}/as-source', { params: { path: { project, result } } }))
  await queryClient.invalidateQueries({ queryKey: resultsKey })
}

/** Takes two who ask for the same, so the answer may be that it waits. */
export const askReidentification = (project: string, result: string, body: Wish) =>
  ask(() => api.POST('/v1/projects/{project}/results/{result}/reidentifications', { params: { path: { project, result } }, body }))

export const answersKey = ['reidentifications'] as const

export const answersQuery = (project: string, result: string) =>
  queryOptions({
    queryKey: [...answersKey, project, result],
    queryFn: async ({ signal }) =>
      (await ask(() => api.GET('/v1/projects/{project}/reidentifications', { params: { path: { project }, query: { limit: pageSize } }, signal }))).data.filter(
        (one) => one.result === result,
      ),
  })

/** Answers once to each of the two who asked. */
export const openAnswer = (project: string, reidentification: string) =>
  ask(() => api.POST('/v1/projects/{project}/reidentifications/{reidentification}/open', { params: { path: { project, reidentification } } }))
export type Reidentified = Awaited<ReturnType<typeof openAnswer>>

export const odataAddress = (project: string, result: string): string =>
  new URL(`/v1/projects/${project}/results/${result}/odata`, globalThis.location.origin).href
