import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { pageSize } from '../../../pages-of.ts'
import type { PolicyItem } from '../policies/queries.ts'
import { type Asked, publishRequests } from './requests.ts'

export type Approval = Row<'/v1/approvals'>

export const approvalsKey = ['approvals'] as const
/** What may open or close an approval: the acts that need two people, and its withdrawal. */
export const approvalNews = ['policies.publish', 'approvals.withdraw']

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
}

/** What waits, the most urgent first. */
export const waitingQuery = queryOptions({
  queryKey: approvalsKey,
  queryFn: async ({ signal }): Promise<readonly Waiting[]> => {
    const approvals = await readAll<Approval>((cursor) =>
      ask<Answer<'/v1/approvals'>>(() => api.GET('/v1/approvals', { params: { query: { limit: pageSize, ...cursor } }, signal })),
    )
    if (approvals.length === 0) return []
    const policies = await readAll<PolicyItem>((cursor) =>
      ask<Answer<'/v1/policies'>>(() => api.GET('/v1/policies', { params: { query: { limit: pageSize, ...cursor } }, signal })),
    )
    const requests = await publishRequests(policies)
    return approvals
      .map((approval) => ({ ...approval, asked: approval.operation === 'policies.publish' ? requests.get(approval.request_digest) : undefined }))
      .sort((a, b) => (a.expires_at < b.expires_at ? -1 : 1))
  },
})

export async function withdrawApproval(approval: string): Promise<void> {
  await ask(() => api.DELETE('/v1/approvals/{approval}', { params: { path: { approval } } }))
}
