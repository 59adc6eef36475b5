import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'

export type RunRow = Row<'/v1/projects/{project}/runs'>
export type Run = Answer<'/v1/projects/{project}/runs/{run}'>
export type Compared = Answer<'/v1/projects/{project}/runs/compare'>
type Terms = Body<'/v1/projects/{project}/schedules'>

export const runsKey = ['query-runs'] as const
export const schedulesKey = ['query-schedules'] as const
/** Whatever a run does stands in the ledger: each state it comes to. */
export const runNews = ['query.start_run', 'query.run_*', 'query.cancel_run', 'query.released', 'approvals.*']

/** In these something is going on that the page should follow. */
export const openStates: readonly Run['state'][] = ['queued', 'checking', 'waiting', 'waiting_for_node', 'running', 'treating', 'disclosure_control']

export const runPages = (project: string) => () =>
  cursorPages<RunRow>([...runsKey, project, 'list'], (cursor, signal) =>
    ask(() => api.GET('/v1/projects/{project}/runs', { params: { path: { project }, query: { ...cursor, limit: pageSize } }, signal })),
  )

export const recentRuns = (project: string) =>
  queryOptions({
    queryKey: [...runsKey, project, 'recent'],
    queryFn: async ({ signal }) =>
      (await ask(() => api.GET('/v1/projects/{project}/runs', { params: { path: { project }, query: { limit: 50 } }, signal }))).data,
  })

export const readRun = (project: string, run: string, signal: AbortSignal) =>
  ask<Run>(() => api.GET('/v1/projects/{project}/runs/{run}', { params: { path: { project, run } }, signal }))

export const comparedQuery = (project: string, left: string, right: string) =>
  queryOptions({
    queryKey: [...runsKey, project, 'compared', left, right],
    queryFn: ({ signal }) =>
      ask<Compared>(() => api.GET('/v1/projects/{project}/runs/compare', { params: { path: { project }, query: { left, right } }, signal })),
  })

export async function startRun(project: string, plan: string, version: number): Promise<RunRow> {
  const begun = await ask(() => api.POST('/v1/projects/{project}/query-plans/{plan}/versions/{version}/runs', { params: { path: { project, plan, version } } }))
  await queryClient.invalidateQueries({ queryKey: runsKey })
  return begun
}

export async function cancelRun(project: string, run: string): Promise<void> {
  await ask(() => api.POST('/v1/projects/{project}/runs/{run}/cancel', { params: { path: { project, run } } }))
  await queryClient.invalidateQueries({ queryKey: runsKey })
}

export const schedulesQuery = (project: string) =>
  queryOptions({
    queryKey: [...schedulesKey, project],
    queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/projects/{project}/schedules', { params: { path: { project } }, signal }))).data,
  })

export async function addSchedule(project: string, body: Terms): Promise<void> {
  await ask(() => api.POST('/v1/projects/{project}/schedules', { params: { path: { project } }, body }))
  await queryClient.invalidateQueries({ queryKey: schedulesKey })
}

export async function removeSchedule(project: string, schedule: string): Promise<void> {
  await ask(() => api.DELETE('/v1/projects/{project}/schedules/{schedule}', { params: { path: { project, schedule } } }))
  await queryClient.invalidateQueries({ queryKey: schedulesKey })
}
