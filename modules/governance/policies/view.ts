import type { Policy } from '@gatehouse/policy/document'
import { explainPolicy } from '@gatehouse/policy/explain'
import type { PurposeTree } from '@gatehouse/policy/purposes'
import type { VersionView } from './schema.ts'
import type { PolicyRow, VersionRow } from './store.ts'

/** A version as it is shown: with its document, and the document in sentences. */
export function viewOf({ id, uid }: Pick<PolicyRow, 'id' | 'uid'>, row: VersionRow, purposes: PurposeTree): VersionView {
  return { ...row, policy: id, uid, explained: explained(row.document, purposes) }
}

export function explained(document: Policy, purposes: PurposeTree): VersionView['explained'] {
  return explainPolicy(document, { purposes }).map(({ sentences, conditions, duties, ...rule }) => ({
    ...rule,
    sentences: [...sentences],
    conditions: [...conditions],
    duties: [...duties],
  }))
}
