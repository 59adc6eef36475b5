import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import type { Plan } from './plan.ts'

export type PlanRow = Row<'/v1/projects/{project}/query-plans'>
export type PlanDetail = Answer<'/v1/projects/{project}/query-plans/{plan}'>
export type Version = PlanDetail['history'][number]
export type Approval = Version['approval']
type PlanBody = Body<'/v1/projects/{project}/query-plans'>['document']

export const plansKey = ['query-plans'] as const
/** Whatever makes a plan another, or lets it be run. */
export const planNews = ['query.create_plan', 'query.add_version', 'query.request_approval', 'query.plan_approved', 'approvals.*']

export const planPages = (project: string) => () =>
  cursorPages<PlanRow>([...plansKey, project, 'list'], (cursor, signal) =>
    ask(() => api.GET('/v1/projects/{project}/query-plans', { params: { path: { project }, query: { ...cursor, limit: pageSize } }, signal })),
  )

export const readPlan = (project: string, plan: string, signal: AbortSignal) =>
  ask<PlanDetail>(() => api.GET('/v1/projects/{project}/query-plans/{plan}', { params: { path: { project, plan } }, signal }))

export const versionQuery = (project: string, plan: string, version: number) =>
  queryOptions({
    queryKey: [...plansKey, project, plan, 'version', version],
    queryFn: ({ signal }) =>
      ask(() => api.GET('/v1/projects/{project}/query-plans/{plan}/versions/{version}', { params: { path: { project, plan, version } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })

const sent = (document: unknown) => document as PlanBody

/** What the node makes of a plan that nobody has kept. */
export const checkedQuery = (project: string, document: unknown) =>
  queryOptions({
    queryKey: [...plansKey, project, 'checked', document],
    queryFn: ({ signal }) =>
      ask(() => api.POST('/v1/projects/{project}/query-plans/validate', { params: { path: { project } }, body: { document: document as never }, signal })),
    placeholderData: (before) => before,
    gcTime: 60_000,
  })

export const countQuery = (project: string, document: unknown) =>
  queryOptions({
    queryKey: [...plansKey, project, 'count', document],
    queryFn: ({ signal }) =>
      ask(() => api.POST('/v1/projects/{project}/query-plans/count', { params: { path: { project } }, body: { document: sent(document) }, signal })),
    retry: false,
    gcTime: 60_000,
  })

export const dryRun = (project: string, document: unknown) =>
  ask(() => api.POST('/v1/projects/{project}/query-plans/dry-run', { params: { path: { project } }, body: { document: sent(document) } }))
export type DryRun = Awaited<ReturnType<typeof dryRun>>

const changed = () => queryClient.invalidateQueries({ queryKey: plansKey })

export async function createPlan(project: string, document: Plan): Promise<PlanRow> {
  const made = await ask(() => api.POST('/v1/projects/{project}/query-plans', { params: { path: { project } }, body: { document: sent(document) } }))
  await changed()
  return made
}

export async function addVersion(project: string, plan: string, document: unknown): Promise<Version> {
  const made = await ask(() =>
    api.POST('/v1/projects/{project}/query-plans/{plan}/versions', { params: { path: { project, plan } }, body: { document: sent(document) } }),
  )
  await changed()
  return made
}

export async function requestApproval(project: string, plan: string, version: number): Promise<void> {
  await ask(() => api.POST('/v1/projects/{project}/query-plans/{plan}/versions/{version}/request-approval', { params: { path: { project, plan, version } } }))
  await changed()
}
