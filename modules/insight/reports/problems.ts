import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('reports', {
  grain_not_kept: {
    status: 400,
    title: 'So far back, or so finely, nothing is kept',
    mend: 'Minutes are kept for two days and hours for 400 days; days are kept for ever. Fields and reasons are counted by the hour and by the day. Leave "grain" out to get what fits.',
  },
  too_many_points: { status: 400, title: 'The span has too many points for one chart', mend: 'Ask for a shorter span or a coarser grain.' },
  reasons_not_shown: {
    status: 403,
    title: 'Why requests were denied is not counted out to a partner',
    mend: 'Each denial told its reasons when it was given; the institution’s officer sees the sums.',
  },
  too_many_for_pdf: { status: 400, title: 'One PDF does not hold so many disclosures', mend: 'Ask for a shorter period or one partner, or take CSV.' },
})
