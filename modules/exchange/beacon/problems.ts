import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('beacon', {
  not_on: { status: 404, title: 'This institution has no beacon', mend: 'Ask the institution. A beacon is off unless it was switched on.' },
  version_unspoken: { status: 400, title: 'This version of Beacon is not spoken here', mend: 'Ask with an apiVersion of v2.' },
  record_refused: { status: 403, title: 'Records are never given by this beacon', mend: 'Ask for boolean or count.' },
  level_refused: {
    status: 403,
    title: 'This beacon does not answer at your access level',
    mend: '/configuration lists the levels it answers: PUBLIC for everybody, REGISTERED with an account or key of the institution, CONTROLLED in its project.',
  },
  elsewhere: { status: 403, title: 'The credential is of another institution', mend: 'Ask without it, or with one of the institution whose beacon it is.' },
  filter_unknown: { status: 400, title: 'There is no such filtering term', mend: '/filtering_terms lists all there are.' },
  filter_wrong: { status: 400, title: 'A filter does not hold together', mend: 'The message names it. /filtering_terms says of which type each is.' },
  parameters_unspoken: { status: 400, title: 'Request parameters are not spoken here', mend: 'Ask by filters: this beacon knows individuals and no variants.' },
  rate_limited: { status: 429, title: 'Too many questions in this minute', mend: 'Wait a minute, and ask no more often than that.' },
  terms_unfit: { status: 422, title: 'The terms do not fit the catalogue', mend: '"errors" names each by a JSON pointer.' },
})
