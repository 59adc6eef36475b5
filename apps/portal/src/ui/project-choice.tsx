import { Alert, Select } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Row } from '../api.ts'
import { isOpenTo } from '../rights.ts'
import { useSession } from '../session.ts'
import { QueryView } from './query-view.tsx'
import { useAddressValues } from './use-address-values.ts'

type Project = Row<'/v1/projects'>

/** The projects somebody may look into: all, or those that they work in. */
const projectsQuery = (all: boolean) =>
  queryOptions({
    queryKey: ['projects', 'choice', all],
    queryFn: async ({ signal }) =>
      (await ask(() => api.GET('/v1/projects', { params: { query: { mine: all ? 'false' : 'true', limit: 200 } }, signal }))).data.filter(
        ({ state }) => state !== 'draft',
      ),
  })

export function useProjects() {
  return useQuery(projectsQuery(isOpenTo(useSession(), { action: 'read', on: 'project', everybodys: true })))
}

/**
 * What is of one project is shown of the one that is chosen on top; it stands in the address (`?project=…`). Where nothing is chosen
 * it is the first that is open.
 */
export function WithProject({ children }: { readonly children: (project: Project) => ReactNode }) {
  const { t } = useTranslation()
  const query = useProjects()
  const [{ project: asked }, change] = useAddressValues()
  return (
    <QueryView query={query}>
      {(projects) => {
        const chosen = projects.find(({ id }) => id === asked) ?? projects.find(({ state }) => state === 'active') ?? projects[0]
        if (chosen === undefined) return <Alert variant="default">{t('projectChoice.none')}</Alert>
        return (
          <>
            <Select
              label={t('projectChoice.label')}
              maw={480}
              searchable={projects.length > 8}
              allowDeselect={false}
              data={projects.map(({ id, title, state }) => ({ value: id, label: state === 'active' ? title : t('projectChoice.closed', { title }) }))}
              value={chosen.id}
              onChange={(id) => change({ project: id ?? undefined })}
            />
            {children(chosen)}
          </>
        )
      }}
    </QueryView>
  )
}

/**
 * The thing of a project whose page is open. Its address names the project; where a link came from the ledger and does not, the
 * reader's projects are asked which has it.
 */
export function useOfProject<T extends object>(key: readonly string[], read: (project: string, signal: AbortSignal) => Promise<T>) {
  const [{ project }] = useAddressValues()
  const projects = useProjects()
  const known = project !== undefined || projects.data !== undefined
  return useQuery({
    queryKey: [...key, project ?? 'any'],
    enabled: known,
    queryFn: async ({ signal }) => {
      if (project !== undefined) return read(project, signal)
      const found = await Promise.allSettled((projects.data ?? []).map(({ id }) => read(id, signal)))
      const there = found.find((one) => one.status === 'fulfilled')
      if (there !== undefined) return there.value
      const refused = found.find((one) => one.status === 'rejected')
      throw refused?.reason ?? new Error('no project has it')
    },
  })
}
