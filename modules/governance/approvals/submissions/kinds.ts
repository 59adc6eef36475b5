/** The kinds of reviews whose things are submitted at the desk itself. What an approval permits is done by people, who show the decision letter. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { isUuid } from '@gatehouse/core/id'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ReviewKind } from '@gatehouse/runtime/door/review-kind'
import { type Submission, type SubmissionKind, submissionKindNames } from './schema.ts'
import { lockSubmission } from './store.ts'

/** What a review is of, where it was submitted at the desk itself. */
export async function submissionOf(tx: Tx, { kind, object }: { readonly kind: string; readonly object: string }): Promise<Submission | undefined> {
  return (submissionKindNames as readonly string[]).includes(kind) ? lockSubmission(tx, object) : undefined
}

const submitted = (name: SubmissionKind, deadlineDays: number, summary: string): ReviewKind => ({
  name,
  summary,
  asks: { action: 'create', resource: { type: 'submission' } },
  panels: [{ kind: 'role', id: 'officer', quorum: 1 }],
  deadlineDays,
  async present(tx, node, object) {
    const submission = isUuid(object) ? await lockSubmission(tx, object) : undefined
    if (submission?.kind !== name) return undefined
    const { submitted_at: _, changed_at: __, ...judged } = submission
    return {
      digest: toHex(node.keys.primitives.sha256(utf8(canonicalJson(judged)))),
      makers: [submission.author],
      besides: judged.teams.map(({ id, quorum }) => ({ kind: 'team' as const, id, quorum })),
      ...(judged.deadline_days === null ? {} : { deadlineDays: judged.deadline_days }),
    }
  },
  approved: async () => undefined,
})

export const submissionKinds: readonly ReviewKind[] = [
  submitted('data_disclosure', 14, 'Results leave when the controllers whose data it is, and those who check disclosures, approve'),
  submitted('ethics_board', 60, 'An ethics board judges a protocol'),
  submitted('monitoring_board', 30, 'A monitoring board judges how a trial goes on'),
]
