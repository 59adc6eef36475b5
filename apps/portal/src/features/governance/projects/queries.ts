import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'

export type Project = Row<'/v1/projects'>
export type ProjectDetail = Answer<'/v1/projects/{project}'>
export type Source = ProjectDetail['sources'][number]
export type Budget = Answer<'/v1/projects/{project}/query-budget'>
export type Limits = Pick<Budget, 'floor' | 'epsilon_total' | 'clean_results' | 'questions_per_day' | 'linkage_unit'>
export type Step = 'begin' | 'suspend' | 'resume' | 'end'

export const projectsKey = ['projects'] as const
const refresh = () => queryClient.invalidateQueries({ queryKey: projectsKey })

/** @param all whether the reader may see all of them; otherwise only those that they are a member of */
export const projectPages =
  (all: boolean) =>
  ({ state, mine }: FilterValues) => {
    const query = { state: state as Project['state'] | undefined, mine: all && mine !== 'true' ? ('false' as const) : ('true' as const) }
    return cursorPages<Project>([...projectsKey, 'list', query], (cursor, signal) =>
      ask(() => api.GET('/v1/projects', { params: { query: { ...query, ...cursor, limit: pageSize } }, signal })),
    )
  }

export function projectQuery(project: string) {
  return queryOptions({
    queryKey: [...projectsKey, project],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/projects/{project}', { params: { path: { project } }, signal })),
  })
}

/** What somebody of the staff may do in the project, with the path that grants it. */
export function rightsInQuery(project: string, user: string | undefined) {
  return queryOptions({
    queryKey: [...projectsKey, project, 'rights', user],
    queryFn: async ({ signal }) =>
      (await ask(() => api.GET('/v1/access/what', { params: { query: { user: user ?? '', scope: `project/${project}` } }, signal }))).data,
    enabled: user !== undefined,
  })
}

export interface Terms {
  readonly title: string
  readonly description: string
  readonly purpose: string
  readonly agreement: { reference: string; sha256?: string } | null
  readonly starts_at: string
  readonly ends_at: string
}

export async function createProject(body: Terms): Promise<Project> {
  const made = await ask(() => api.POST('/v1/projects', { body }))
  await refresh()
  return made
}

export async function updateProject(project: string, { purpose: _, agreement, ...terms }: Terms, revision: number): Promise<void> {
  const body = { ...terms, ...(agreement === null ? {} : { agreement }), if_revision: revision }
  await ask(() => api.PATCH('/v1/projects/{project}', { params: { path: { project } }, body }))
  await refresh()
}

export async function takeStep(project: string, step: Step): Promise<void> {
  const of = { params: { path: { project } } }
  await ask(() =>
    step === 'begin'
      ? api.POST('/v1/projects/{project}/begin', of)
      : step === 'suspend'
        ? api.POST('/v1/projects/{project}/suspend', of)
        : step === 'resume'
          ? api.POST('/v1/projects/{project}/resume', of)
          : api.POST('/v1/projects/{project}/end', of),
  )
  await refresh()
}

export async function addMember(project: string, body: { kind: 'user' | 'team'; holder: string; role: string }): Promise<void> {
  await ask(() => api.POST('/v1/projects/{project}/members', { params: { path: { project } }, body: body as never }))
  await refresh()
}

export async function removeMember(project: string, member: string): Promise<void> {
  await ask(() => api.DELETE('/v1/projects/{project}/members/{member}', { params: { path: { project, member } } }))
  await refresh()
}

export async function addSource(project: string, body: { kind: Source['kind']; reference: string }): Promise<void> {
  await ask(() => api.POST('/v1/projects/{project}/sources', { params: { path: { project } }, body }))
  await refresh()
}

export async function removeSource(project: string, source: string): Promise<void> {
  await ask(() => api.DELETE('/v1/projects/{project}/sources/{source}', { params: { path: { project, source } } }))
  await refresh()
}

export function budgetQuery(project: string) {
  return queryOptions({
    queryKey: [...projectsKey, project, 'budget'],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/projects/{project}/query-budget', { params: { path: { project } }, signal })),
  })
}

export async function setLimits(project: string, body: Limits): Promise<void> {
  await ask(() => api.PUT('/v1/projects/{project}/query-budget', { params: { path: { project } }, body }))
  await refresh()
}

/** People of the staff and teams, for those who may know them. */
export function holdersQuery() {
  return queryOptions({
    queryKey: [...projectsKey, 'holders'],
    queryFn: async ({ signal }) => {
      const [people, teams] = await Promise.all([
        ask(() => api.GET('/v1/users', { params: { query: { kind: 'staff', limit: 500 } }, signal })),
        ask(() => api.GET('/v1/teams', { params: { query: { limit: 500 } }, signal })),
      ])
      return { people: people.data.filter(({ status }) => status !== 'disabled'), teams: teams.data }
    },
  })
}
