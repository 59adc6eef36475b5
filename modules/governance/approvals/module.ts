import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { deadlinesLoop } from './deadlines.ts'
import { listApprovals } from './list.ts'
import { approvalsProblems } from './problems.ts'
import { commentOnReview } from './reviews/comment.ts'
import { delegateSeat, listDelegations, takeSeatBack } from './reviews/delegate.ts'
import { readLetter } from './reviews/letter.ts'
import { listReviews } from './reviews/list.ts'
import { readReview } from './reviews/read.ts'
import { requestReviewOperation } from './reviews/request.ts'
import { resubmitReview, withdrawReview } from './reviews/resubmit.ts'
import { listReviewRules, setReviewRule } from './reviews/rules.ts'
import { concludeReview, voteOnReview } from './reviews/vote.ts'
import { listBoards } from './submissions/boards.ts'
import { submissionKinds } from './submissions/kinds.ts'
import { reviseSubmission } from './submissions/revise.ts'
import { submit } from './submissions/submit.ts'
import { withdrawApproval } from './withdraw.ts'

export const approvalsModule = defineModule({
  name: 'approvals',
  operations: [
    listApprovals,
    withdrawApproval,
    requestReviewOperation,
    listReviews,
    readReview,
    voteOnReview,
    concludeReview,
    commentOnReview,
    resubmitReview,
    withdrawReview,
    delegateSeat,
    takeSeatBack,
    listDelegations,
    listReviewRules,
    setReviewRule,
    readLetter,
    submit,
    reviseSubmission,
    listBoards,
  ],
  reviewKinds: submissionKinds,
  problems: approvalsProblems,
  migrations: join(import.meta.dirname, 'migrations'),
  loops: [deadlinesLoop],
})
