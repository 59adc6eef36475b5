/** Why a run ended as it did, or waits: a code for programs, and words that say what to do. */
import type { RunState } from './states.ts'

export const runReasons = {
  not_member: { ends: 'refused', words: 'Whoever asked for the run may not run queries in this project any more.' },
  project_closed: { ends: 'refused', words: 'The project is suspended, over or not begun, or the partner that it works for is not in good standing.' },
  agreement_missing: { ends: 'refused', words: 'The project has no agreement.' },
  not_approved: { ends: 'refused', words: 'The version is not approved by every holder of its tables. Ask for approval of this version.' },
  source_not_admitted: { ends: 'refused', words: 'A table of the plan is not among the sources that the project is admitted to.' },
  plan_unfit: {
    ends: 'refused',
    words: 'The plan does not fit the tables as they are now: a column is gone, or of another type. Check the plan and make a new version.',
  },
  policy_denied: { ends: 'refused', words: 'An offer on a table does not permit this use: another purpose, form or time.' },
  opted_out_all: { ends: 'refused', words: 'Everybody in it has objected to this use.' },
  budget_spent: { ends: 'refused', words: 'The privacy budget of the project does not cover this run.' },
  bound_not_met: {
    ends: 'refused',
    words: 'The treatment cannot keep what the plan demands. Allow more suppression, coarser hierarchies, or ask for fewer columns.',
  },
  empty_cohort: { ends: 'refused', words: 'Nobody is meant by the plan.' },
  cohort_too_small: { ends: 'refused', words: 'Fewer people are meant than the floor allows.' },
  differencing: { ends: 'refused', words: 'Together with an earlier released result this one would tell of a few people.' },
  check_stopped: { ends: 'refused', words: 'A data-quality check of the plan stopped the run.' },
  review_rejected: { ends: 'refused', words: 'The reviewers did not agree to the release.' },
  person_erased: { ends: 'refused', words: 'Somebody who was in it was erased. Run it again.' },
  node_unknown: { ends: 'refused', words: 'A node of the plan is no peer that is approved here.' },
  node_refused: { ends: 'refused', words: 'A node of the plan does not give its part.' },
  key_ended: { ends: 'refused', words: 'The key of the token space that the run was begun with has ended. Run it again.' },
  awaiting_approval: { ends: 'refused', words: 'Holders of its tables are asked to agree to the plan.' },
  key_missing: { ends: 'refused', words: 'The key of the token space has not come yet.' },
  unit_pending: { ends: 'refused', words: 'The linkage unit has not compared the encodings yet.' },
  unit_refused: { ends: 'refused', words: 'The linkage unit did not take the encodings of this node.' },
  source_unreachable: { ends: 'failed', words: 'A source did not answer. The run was tried several times; run it again when the source is there.' },
  source_slow: { ends: 'failed', words: 'A source took longer than its cap. Narrow the plan’s filter, or raise the cap of the source.' },
  source_refused: { ends: 'failed', words: 'A source did not take the credentials it was given. Whoever keeps the source renews them.' },
  source_drifted: {
    ends: 'failed',
    words: 'A source has changed: what the plan reads is not there any more, or of another type. Discover the source again and check the plan.',
  },
  too_large: { ends: 'failed', words: 'A source gave more rows than the plan or its cap allows.' },
  not_installed: { ends: 'failed', words: 'The driver of a source is not installed on this node.' },
  part_unusable: { ends: 'failed', words: 'What a node sent cannot be opened, or is not what it was asked for.' },
  session_broken: {
    ends: 'failed',
    words: 'The nodes could not hold their session to its end: one left it, or sent what does not fit. Run it again.',
  },
  unit_unusable: { ends: 'failed', words: 'What the linkage unit gave back cannot be opened, or does not fit what it got. Run it again.' },
  internal: { ends: 'failed', words: 'The node could not finish the run. Its operator finds the cause in the log by the run’s id.' },
  cancelled: { ends: 'cancelled', words: 'Somebody of the project cancelled it.' },
  not_wanted: { ends: 'cancelled', words: 'The node that asked for it does not want it any more.' },
  review_withdrawn: { ends: 'cancelled', words: 'The request for release was withdrawn.' },
  waited_too_long: { ends: 'expired', words: 'It waited for a source, or in the queue, longer than a day.' },
  node_expired: { ends: 'expired', words: 'A node of the plan has not answered in time.' },
  review_expired: { ends: 'expired', words: 'Nobody decided about the release in time.' },
} as const satisfies Readonly<Record<string, { readonly ends: RunState; readonly words: string }>>

export type RunReason = keyof typeof runReasons
export const runReasonCodes = Object.keys(runReasons) as [RunReason, ...RunReason[]]
