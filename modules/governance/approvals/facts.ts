/** What is announced of approvals: ids and the name of the act. */
import type { NewEvent } from '@gatehouse/runtime/work/outbox'

export type ApprovalNews = 'asked' | 'completed' | 'due' | 'expired' | 'withdrawn'

/** @param by who brought it about; nobody where it was the clock */
export function approvalEvent(news: ApprovalNews, { id, operation }: { readonly id: string; readonly operation: string }, by?: string): NewEvent {
  return { type: `approvals.${news}`, subject: id, data: { approval: id, operation, ...(by === undefined ? {} : { by }) } }
}
