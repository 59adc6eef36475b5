import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'

export type Listed = Row<'/v1/projects/{project}/catalogue'>
export type Described = Answer<'/v1/projects/{project}/catalogue/{reference}'>

export const catalogueKey = ['catalogue'] as const
export const catalogueNews = ['catalog.*', 'projects.*', 'policies.*']

/** Tables whose name or description has the words; all where none are given. */
export const cataloguePages = (project: string, search: string) => () =>
  cursorPages<Listed>([...catalogueKey, project, 'list', search], (cursor, signal) =>
    ask(() =>
      api.GET('/v1/projects/{project}/catalogue', {
        params: { path: { project }, query: { ...cursor, ...(search === '' ? {} : { search }), limit: pageSize } },
        signal,
      }),
    ),
  )

/** What a plan of the project may read. */
export const offeredQuery = (project: string) =>
  queryOptions({
    queryKey: [...catalogueKey, project, 'offered'],
    queryFn: async ({ signal }) => {
      const page = await ask(() => api.GET('/v1/projects/{project}/catalogue', { params: { path: { project }, query: { limit: 200 } }, signal }))
      return page.data.filter(({ access }) => access === 'full')
    },
  })

export const tableQuery = (project: string, reference: string) =>
  queryOptions({
    queryKey: [...catalogueKey, project, reference],
    queryFn: ({ signal }) =>
      ask<Described>(() => api.GET('/v1/projects/{project}/catalogue/{reference}', { params: { path: { project, reference } }, signal })),
  })

export const dcatAddress = (project: string): string => `/v1/projects/${encodeURIComponent(project)}/catalogue.dcat`
export const lineageAddress = (project: string): string => `/v1/projects/${encodeURIComponent(project)}/lineage`

/** Which nodes were asked for their tables, and what they said. */
export const nodesQuery = (project: string) =>
  queryOptions({
    queryKey: [...catalogueKey, project, 'nodes'],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/projects/{project}/node-catalogues', { params: { path: { project } }, signal })),
  })

export const askNode = (project: string, node: string) =>
  ask(() => api.POST('/v1/projects/{project}/node-catalogues', { params: { path: { project } }, body: { node } }))
