import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('query', {
  node_unknown: { status: 409, title: 'This is no node that is approved here', mend: 'Have an administrator look at its card and approve it as a peer.' },
  project_closed: {
    status: 409,
    title: 'The project is not open',
    mend: 'Nothing is planned or run in a project that has not begun, is suspended or is over.',
  },
  not_offered: {
    status: 409,
    title: 'A table of the question is not offered for it',
    mend: 'A policy on the table forbids this use, or permits another one only. Whoever holds the table publishes an offer.',
  },
  questions_spent: {
    status: 429,
    title: 'As many figures were told today as may be',
    mend: 'Ask again tomorrow. Questions that were answered before are answered again, and whether there are enough people at all always is.',
  },
  trials_spent: {
    status: 429,
    title: 'As many counts and trials were asked for today as may be in the project',
    mend: 'Ask again tomorrow, or have whoever lets the project begin allow more in a day, on its page. Plans can be saved and run without.',
  },
  plan_unfit: { status: 422, title: 'The plan does not hold together, or does not fit its tables', mend: '"errors" names each place by a JSON pointer.' },
  source_fault: {
    status: 424,
    title: 'A source of the plan could not be read so',
    mend: 'The detail says which, and what is wrong with it. Whoever keeps the source can mend it.',
  },
  plan_unchanged: { status: 409, title: 'The plan is the same as its latest version', mend: 'Nothing needs to be done.' },
  too_many_plans: {
    status: 409,
    title: 'The project has as many plans, or the plan as many versions, as there may be',
    mend: 'Make a new version of a plan, or a new plan.',
  },
  not_runnable: {
    status: 409,
    title: 'The version may not be run before the holders of its tables approve it',
    mend: 'Ask for approval of this very version. A new version needs an approval of its own.',
  },
  approval_not_needed: { status: 409, title: 'The version needs nobody’s approval', mend: 'Run it.' },
  too_many_runs: { status: 429, title: 'Twenty runs of the project wait or are under way', mend: 'Wait until some have ended, or cancel one.' },
  run_ended: { status: 409, title: 'The run has ended', mend: 'Nothing needs to be done.' },
  result_held: { status: 409, title: 'The result is not released', mend: 'It is with its reviewers; the run says how it stands.' },
  result_ended: { status: 410, title: 'The result is no longer there', mend: 'Run the plan again.' },
  differencing: {
    status: 409,
    title: 'Together with an earlier released result this one would tell of a few people',
    mend: 'Reject it. A plan about the very same people, or about clearly others, may be released.',
  },
  not_compared: {
    status: 409,
    title: 'Another result from the same tables has left since this one was made, and the two cannot be compared',
    mend: 'Reject it and run the plan again: its report then tells its reviewers of the other one.',
  },
  stays_here: {
    status: 409,
    title: 'The result may not leave now',
    mend: 'The detail says what is missing: an open project, the approval of each holder, admission to each table, or an offer in force.',
  },
  format_not_planned: { status: 409, title: 'The plan does not give out this format', mend: 'Use one of its formats, or make a new version of the plan.' },
  format_not_installed: {
    status: 501,
    title: 'This node cannot write that format',
    mend: 'An operator adds the optional package hyparquet-writer. The other formats need nothing.',
  },
  download_refused: {
    status: 403,
    title: 'The token is refused',
    mend: 'A token is good once, for five minutes, for whoever it was made for. Ask for another.',
  },
  cursor_unknown: { status: 422, title: 'The cursor is not one of this list', mend: 'Begin at the first page.' },
  filter_wrong: {
    status: 400,
    title: 'The question to the feed does not hold together',
    mend: '$filter takes comparisons of a column with a value (eq, ne, lt, le, gt, ge) and startswith(column,’text’), joined by and, or and not; $select takes names of columns.',
  },
  odata_unspoken: {
    status: 501,
    title: 'This part of OData is not spoken here',
    mend: 'Use $top, $skip, $select, $filter and $count, and sort what has come.',
  },
  column_unknown: { status: 404, title: 'The result has no such row or column', mend: 'Take rows from 0 and columns by their names.' },
  not_as_source: { status: 409, title: 'The plan does not let its result be used as a source', mend: 'Say so in the plan’s output, and run the new version.' },
  cron_unknown: {
    status: 422,
    title: 'The schedule is no cron expression, or comes more often than every quarter of an hour',
    mend: 'Five fields in UTC, such as "0 5 * * 1".',
  },
  too_many_schedules: { status: 409, title: 'The project has as many schedules as there may be', mend: 'Delete one.' },
  nothing_to_reidentify: {
    status: 409,
    title: 'The result names nobody who could be found again here',
    mend: 'Only pseudonymised results whose tables this node reads, and that are still there.',
  },
  opened_before: { status: 409, title: 'The answer was opened before, or its time is over', mend: 'Ask anew.' },
})
