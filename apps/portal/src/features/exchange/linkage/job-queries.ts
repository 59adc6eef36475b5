import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'

export type JobRow = Row<'/v1/projects/{project}/link-jobs'>
export type Job = Answer<'/v1/projects/{project}/link-jobs/{job}'>
export type Report = NonNullable<Job['report']>
export type Terms = Body<'/v1/projects/{project}/link-jobs'>

export const jobsKey = ['link-jobs'] as const
export const jobNews = ['linkage.*']
export const isOpen = ({ state }: Pick<Job, 'state'>): boolean => state === 'queued' || state === 'running'

export const jobPages = (project: string) => () =>
  cursorPages<JobRow>([...jobsKey, project, 'list'], (cursor, signal) =>
    ask(() => api.GET('/v1/projects/{project}/link-jobs', { params: { path: { project }, query: { ...cursor, limit: pageSize } }, signal })),
  )

/** Jobs of a project that have trained a model, the newest first. */
export const trainedQuery = (project: string) =>
  queryOptions({
    queryKey: [...jobsKey, project, 'trained'],
    queryFn: async ({ signal }) =>
      (await ask(() => api.GET('/v1/projects/{project}/link-jobs', { params: { path: { project }, query: { limit: 50 } }, signal }))).data.filter(
        ({ state }) => state === 'done',
      ),
  })

export const readJob = (project: string, job: string, signal: AbortSignal) =>
  ask<Job>(() => api.GET('/v1/projects/{project}/link-jobs/{job}', { params: { path: { project, job } }, signal }))

export async function startJob(project: string, body: Terms): Promise<JobRow> {
  const begun = await ask(() => api.POST('/v1/projects/{project}/link-jobs', { params: { path: { project } }, body }))
  await queryClient.invalidateQueries({ queryKey: jobsKey })
  return begun
}

export async function cancelJob(project: string, job: string): Promise<void> {
  await ask(() => api.POST('/v1/projects/{project}/link-jobs/{job}/cancel', { params: { path: { project, job } } }))
  await queryClient.invalidateQueries({ queryKey: jobsKey })
}
