import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { pageSize } from '../../../pages-of.ts'
import type { PolicyItem } from '../policies/queries.ts'
import { type Asked, erasureRequests, publishRequests } from './requests.ts'

export type Approval = Row<'/v1/approvals'>

export const approvalsKey = ['approvals'] as const
/** What may open or close an approval: the acts that need two people, and its withdrawal. */
export const approvalNews = [
  'approvals.expire',
  'approvals.set_review_rule',
  'approvals.withdraw',
  'policies.publish',
  'projects.dismiss_holder',
  'projects.name_holder',
  'retention.approve_erasure',
  'retention.lift',
]

/** Beyond so many the list is no queue any more. */
const rowsMax = 2_000

async function readAll<T>(read: (cursor: { cursor?: string }) => Promise<{ data: T[]; next: string | null }>): Promise<T[]> {
  const all: T[] = []
  for (let cursor: { cursor?: string } | undefined = {}; cursor !== undefined && all.length < rowsMax; ) {
    const page: { data: T[]; next: string | null } = await read(cursor)
    all.push(...page.data)
    cursor = page.next === null ? undefined : { cursor: page.next }
  }
  return all
}

/** An approval with what is asked, where that could be told. */
export interface Waiting extends Approval {
  readonly asked: Asked | undefined
  /** The erasure that is to be approved. */
  readonly erasure: string | undefined
}

/** What waits, the most urgent first. */
export const waitingQuery = queryOptions({
  queryKey: approvalsKey,
  queryFn: async ({ signal }): Promise<readonly Waiting[]> => {
    const approvals = await readAll<Approval>((cursor) =>
      ask<Answer<'/v1/approvals'>>(() => api.GET('/v1/approvals', { params: { query: { limit: pageSize, ...cursor } }, signal })),
    )
    const waits = (operation: string) => approvals.some((one) => one.operation === operation)
    const policies = waits('policies.publish')
      ? await readAll<PolicyItem>((cursor) =>
          ask<Answer<'/v1/policies'>>(() => api.GET('/v1/policies', { params: { query: { limit: pageSize, ...cursor } }, signal })),
        )
      : []
    const erasures = waits('retention.approve_erasure')
      ? (
          await readAll<Row<'/v1/erasures'>>((cursor) =>
            ask(() => api.GET('/v1/erasures', { params: { query: { state: 'requested', limit: pageSize, ...cursor } }, signal })),
          )
        ).map(({ id }) => id)
      : []
    const [published, erased] = await Promise.all([publishRequests(policies), erasureRequests(erasures)])
    return approvals
      .map((approval) => ({
        ...approval,
        asked: approval.operation === 'policies.publish' ? published.get(approval.request_digest) : undefined,
        erasure: approval.operation === 'retention.approve_erasure' ? erased.get(approval.request_digest) : undefined,
      }))
      .sort((a, b) => (a.expires_at < b.expires_at ? -1 : 1))
  },
})

export async function withdrawApproval(approval: string): Promise<void> {
  await ask(() => api.DELETE('/v1/approvals/{approval}', { params: { path: { approval } } }))
}
