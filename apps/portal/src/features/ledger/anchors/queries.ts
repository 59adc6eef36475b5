import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Body, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'

export type Target = Row<'/v1/anchors/targets'>
export type Anchor = Row<'/v1/anchors'>
export type WholeAnchor = Answer<'/v1/anchors/{anchor}'>
type NewTarget = Body<'/v1/anchors/targets'>

export const anchorsKey = ['anchors'] as const
export const anchorNews = ['anchors.*']
/** A turn comes every minute, and most of them leave no entry. */
const lookMs = 15_000

export const targetsQuery = queryOptions({
  queryKey: [...anchorsKey, 'targets'],
  queryFn: ({ signal }) => ask(() => api.GET('/v1/anchors/targets', { signal })),
  refetchInterval: lookMs,
})

export function anchorPages({ state, target }: FilterValues) {
  const filter = { ...(state === undefined ? {} : { state: state as Anchor['state'] }), ...(target === undefined ? {} : { target }) }
  return cursorPages<Anchor>([...anchorsKey, 'list', filter], (cursor, signal) =>
    ask(() => api.GET('/v1/anchors', { params: { query: { ...filter, ...cursor, limit: pageSize } }, signal })),
  )
}

export function anchorQuery(anchor: string) {
  return queryOptions({
    queryKey: [...anchorsKey, anchor],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/anchors/{anchor}', { params: { path: { anchor } }, signal })),
    refetchInterval: ({ state: { data } }) => (data === undefined || data.state === 'final' || data.state === 'superseded' ? false : lookMs),
  })
}

const changed = () => queryClient.invalidateQueries({ queryKey: anchorsKey })

export async function addTarget(body: NewTarget): Promise<void> {
  await ask(() => api.POST('/v1/anchors/targets', { body }))
  await changed()
}

export async function removeTarget(target: string): Promise<void> {
  await ask(() => api.DELETE('/v1/anchors/targets/{target}', { params: { path: { target } } }))
  await changed()
}

export async function runTurn(): Promise<Awaited<ReturnType<typeof turn>>> {
  const counts = await turn()
  await changed()
  return counts
}

const turn = () => ask(() => api.POST('/v1/anchors/run', {}))

export function readFile(): Promise<Answer<'/v1/anchors/file'>> {
  return ask(() => api.GET('/v1/anchors/file', {}))
}
