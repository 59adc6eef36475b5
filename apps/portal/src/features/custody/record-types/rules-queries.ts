import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Row } from '../../../api.ts'

export type Rule = Row<'/v1/retention/rules'>
export type RuleTerms = Pick<Rule, 'months' | 'counts_from' | 'action'>
type NewRule = RuleTerms & Pick<Rule, 'record_type'>

export const origins = ['last_record', 'first_record'] as const
export const actions = ['archive', 'erase'] as const

/** The institution's rule for every type that has none of its own. */
export const everyType = '*'

export const rulesKey = ['retention-rules'] as const

export const rulesQuery = queryOptions({
  queryKey: rulesKey,
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/retention/rules', { signal }))).data,
})

/** With a rule: as if it stood already. */
export const foresee = (rule?: NewRule) => ask(() => api.POST('/v1/retention/preview', { body: rule === undefined ? {} : { rule } }))
export type Foreseen = Awaited<ReturnType<typeof foresee>>

export async function setRule({ record_type, ...body }: NewRule): Promise<void> {
  await ask(() => api.PUT('/v1/retention/rules/{record_type}', { params: { path: { record_type } }, body }))
}

export async function removeRule(recordType: string): Promise<void> {
  await ask(() => api.DELETE('/v1/retention/rules/{record_type}', { params: { path: { record_type: recordType } } }))
}
