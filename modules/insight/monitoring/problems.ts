import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('monitoring', {
  too_many_rules: { status: 409, title: 'There are as many rules as the node watches', mend: 'Retire a rule that is no longer needed, or change one.' },
  rule_retired: { status: 409, title: 'The rule is retired', mend: 'Create a new rule with its condition.' },
  already_acknowledged: { status: 409, title: 'Somebody has acknowledged the alert before', mend: 'Read the alert: it says who and when.' },
  not_acknowledged: { status: 409, title: 'The alert is not acknowledged', mend: 'Acknowledge it first, with what was found; then close it.' },
  already_closed: { status: 409, title: 'The alert is closed', mend: 'Nothing is left to do; if it happens again, there will be another.' },
  period_refused: { status: 400, title: 'The period cannot be replayed', mend: 'Give a beginning before the end, at most a year apart.' },
  letter_failed: { status: 502, title: 'The letter could not be sent', mend: 'The queue tries again; the letter keeps the reason.' },
})
