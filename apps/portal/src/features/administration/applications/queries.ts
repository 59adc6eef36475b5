import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Body, type Row, type Session } from '../../../api.ts'
import { pageSize } from '../../../pages-of.ts'
import { isOpenTo } from '../../../rights.ts'
import { queryClient } from '../../../session.ts'

export type Application = Row<'/v1/applications'>
export type NewApplication = Body<'/v1/applications'>
/** What can be said of an application when it is registered and later. */
export type Settings = Pick<Application, 'name' | 'purpose' | 'redirect_uris' | 'scopes' | 'claims' | 'acts_by_itself' | 'proves_key'>
export type Scope = Settings['scopes'][number]
export type Claim = Settings['claims'][number]

const key = ['applications'] as const

export const applicationsQuery = queryOptions({
  queryKey: key,
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/applications', { params: { query: { limit: pageSize } }, signal }))).data,
})

export type Place = NonNullable<Scope['scope']> & { readonly name: string }

/** Products and projects in which a scope may hold, as far as whoever asks may see them. */
export function placesQuery(session: Session) {
  const of = (on: string) => (isOpenTo(session, { action: 'read', on, everybodys: true }) ? ('false' as const) : ('true' as const))
  return queryOptions({
    queryKey: [...key, 'places'],
    queryFn: async ({ signal }): Promise<Place[]> => {
      const [products, projects] = await Promise.all([
        ask(() => api.GET('/v1/products', { params: { query: { mine: of('product') } }, signal })),
        ask(() => api.GET('/v1/projects', { params: { query: { mine: of('project'), limit: pageSize } }, signal })),
      ])
      return [
        ...products.data.map(({ id, name }) => ({ kind: 'product' as const, id, name })),
        ...projects.data.map(({ id, title }) => ({ kind: 'project' as const, id, name: title })),
      ]
    },
  })
}

const refresh = () => queryClient.invalidateQueries({ queryKey: key })

/** What is shown once: an application that keeps none has no secret. */
export interface Credentials {
  readonly id: string
  readonly secret: string | null
}

export async function register(body: NewApplication): Promise<Credentials> {
  const { application, secret } = await ask(() => api.POST('/v1/applications', { body }))
  await refresh()
  return { id: application.id, secret }
}

const of = (application: string) => ({ params: { path: { application } } })

export async function changeApplication(application: string, body: Settings): Promise<void> {
  await ask(() => api.PATCH('/v1/applications/{application}', { ...of(application), body }))
  await refresh()
}

export async function renewSecret(application: string): Promise<Credentials> {
  const { secret } = await ask(() => api.POST('/v1/applications/{application}/secret', of(application)))
  await refresh()
  return { id: application, secret }
}

export const acts = {
  submit: ({ id }: Application) => ask(() => api.POST('/v1/applications/{application}/submit', of(id))),
  admit: ({ id, revision }: Application) => ask(() => api.POST('/v1/applications/{application}/admit', { ...of(id), body: { revision } })),
  return: ({ id }: Application) => ask(() => api.POST('/v1/applications/{application}/return', of(id))),
  suspend: ({ id }: Application) => ask(() => api.POST('/v1/applications/{application}/suspend', of(id))),
  resume: ({ id }: Application) => ask(() => api.POST('/v1/applications/{application}/resume', of(id))),
  retire: ({ id }: Application) => ask(() => api.DELETE('/v1/applications/{application}', of(id))),
} as const
export type Act = keyof typeof acts

export async function carryOut(act: Act, application: Application): Promise<void> {
  await acts[act](application)
  await refresh()
}
