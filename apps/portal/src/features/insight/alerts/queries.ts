import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import { type FilterValues, startOfDay } from '../../../ui/record-list/columns.ts'

export type Alert = Row<'/v1/alerts'>
export type Rule = Row<'/v1/alert-rules'>
export type Condition = Rule['condition']
export type Kind = Condition['kind']
export type Channel = Rule['channel']
export type Verdict = NonNullable<Alert['verdict']>
export type Replay = Answer<'/v1/alert-replays/{replay}'>
export type Settings = Answer<'/v1/alert-settings'>

/** A rule while it is written. */
export interface Draft {
  readonly name: string
  readonly description: string
  readonly condition: Condition
  readonly cool_down_seconds: number
}

export const alertsKey = ['alerts'] as const
export const rulesKey = ['alert-rules'] as const

export const states = ['raised', 'acknowledged', 'closed'] as const
export const channels = ['page_now', 'next_working_day', 'on_trial', 'demoted'] as const

const among = <T extends string>(all: readonly T[], text: string | undefined): T | undefined => all.find((one) => one === text)

export function alertPages({ state, channel, rule, about, since, until }: FilterValues) {
  const query = {
    state: among(states, state),
    channel: among(channels, channel),
    rule,
    about,
    since: startOfDay(since),
    // The day itself is meant to be in.
    until: startOfDay(until, 1),
  }
  return cursorPages<Alert>([...alertsKey, 'list', query], (cursor, signal) =>
    ask(() => api.GET('/v1/alerts', { params: { query: { ...query, ...cursor, limit: pageSize } }, signal })),
  )
}

export function alertQuery(alert: string) {
  return queryOptions({
    queryKey: [...alertsKey, alert],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/alerts/{alert}', { params: { path: { alert } }, signal })),
  })
}

export async function acknowledgeAlert(alert: string, verdict: Verdict, note: string): Promise<void> {
  await ask(() => api.POST('/v1/alerts/{alert}/acknowledge', { params: { path: { alert } }, body: { verdict, ...(note === '' ? {} : { note }) } }))
  await queryClient.invalidateQueries({ queryKey: alertsKey })
}

export async function closeAlert(alert: string): Promise<void> {
  await ask(() => api.POST('/v1/alerts/{alert}/close', { params: { path: { alert } } }))
  await queryClient.invalidateQueries({ queryKey: alertsKey })
}

export const rulesQuery = queryOptions({
  queryKey: [...rulesKey, 'all'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/alert-rules', { params: { query: { limit: 500 } }, signal }))).data,
})

export function ruleQuery(rule: string) {
  return queryOptions({
    queryKey: [...rulesKey, rule],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/alert-rules/{rule}', { params: { path: { rule } }, signal })),
  })
}

export async function createRule(draft: Draft): Promise<Rule> {
  const made = await ask(() => api.POST('/v1/alert-rules', { body: { ...draft, channel: 'on_trial' } }))
  await queryClient.invalidateQueries({ queryKey: rulesKey })
  return made
}

/** Only if nobody has changed the rule since it was read; whoever comes second is told. */
export async function changeRule({ id, revision }: Rule, changes: Partial<Draft> & { readonly channel?: Channel }): Promise<void> {
  await ask(() => api.PATCH('/v1/alert-rules/{rule}', { params: { path: { rule: id } }, body: { ...changes, if_revision: revision } }))
  await queryClient.invalidateQueries({ queryKey: rulesKey })
}

export async function retireRule({ id, revision }: Rule): Promise<void> {
  await ask(() => api.DELETE('/v1/alert-rules/{rule}', { params: { path: { rule: id }, query: { if_revision: revision } } }))
  await queryClient.invalidateQueries({ queryKey: rulesKey })
}

export async function startReplay({ condition, cool_down_seconds }: Draft, since: string): Promise<Replay> {
  return ask(() => api.POST('/v1/alert-replays', { body: { condition, cool_down_seconds, since } }))
}

/** A replay writes no entry when it moves, so nobody is told of it: it is asked how far it is, while it runs and somebody looks. */
const askEveryMs = 500

export function replayQuery(replay: string) {
  return queryOptions({
    queryKey: ['alert-replays', replay],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/alert-replays/{replay}', { params: { path: { replay } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === 'done' ? false : askEveryMs),
  })
}

export const settingsQuery = queryOptions({
  queryKey: ['alert-settings'],
  queryFn: ({ signal }) => ask(() => api.GET('/v1/alert-settings', { signal })),
})

export async function changeSettings({ revision }: Settings, mail_to: string[]): Promise<void> {
  await ask(() => api.PATCH('/v1/alert-settings', { body: { mail_to, if_revision: revision } }))
  await queryClient.invalidateQueries({ queryKey: settingsQuery.queryKey })
}
