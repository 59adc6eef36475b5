import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { listApprovals } from './list.ts'
import { approvalsProblems } from './problems.ts'
import { commentOnReview } from './reviews/comment.ts'
import { delegateSeat, listDelegations, takeSeatBack } from './reviews/delegate.ts'
import { expireLoop } from './reviews/expire.ts'
import { listReviews } from './reviews/list.ts'
import { readReview } from './reviews/read.ts'
import { requestReviewOperation } from './reviews/request.ts'
import { resubmitReview, withdrawReview } from './reviews/resubmit.ts'
import { listReviewRules, setReviewRule } from './reviews/rules.ts'
import { concludeReview, voteOnReview } from './reviews/vote.ts'
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
  ],
  problems: approvalsProblems,
  migrations: join(import.meta.dirname, 'migrations'),
  loops: [expireLoop],
})
