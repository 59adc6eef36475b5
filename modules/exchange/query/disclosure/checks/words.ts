/** What the checks say, in English; the portal has the same sentences in its languages, by the same codes. */

interface Words {
  readonly detail: string
  /** What would mend it; where nothing has to, there is none. */
  readonly mitigation?: string
}

const coarser = 'Demand larger classes, coarser hierarchies, or fewer columns by which people are known.'
const leaveOut = 'Leave the column out of the plan, or mask it.'
const group = 'Group the values, or cap them at both ends.'
const rare = 'Coarsen the column by a hierarchy, or code its rare values as one.'
const telling = 'Look at who is meant by both. For the next time, give the table a column that holds the subject, or a key; and link by the same keys.'

export const checkWords = {
  people_enough: { detail: 'It is about {{floor}} people or more.' },
  people_few: { detail: 'It is about fewer people than the floor of {{floor}}.', mitigation: 'Ask about more people.' },
  looked_at_first: { detail: 'Only the first {{rows}} rows were looked at.', mitigation: 'Ask for fewer rows, or for figures.' },
  differencing_clear: { detail: 'No earlier release of the project, subtracted, leaves a few people.' },
  differencing_isolates: {
    detail: 'Together with earlier releases ({{releases}}) it would tell of fewer than {{floor}} people, were its figures not rounded.',
    mitigation: 'Ask about the very same people as before, or about clearly others.',
  },
  not_compared: {
    detail:
      'Earlier releases of the project from the same tables ({{releases}}) cannot be compared with it: their people are told apart otherwise, or nothing tells the rows apart.',
    mitigation: telling,
  },
  risk_untreated: { detail: 'The rows are not treated, so nothing bounds the risk.', mitigation: 'Add a treatment to the plan.' },
  risk_within: { detail: 'The highest risk that somebody’s row is recognised is {{risk}} %.' },
  risk_above: {
    detail: 'The highest risk that somebody’s row is recognised is {{risk}} %. The floor would have it at {{bound}} %.',
    mitigation: 'Demand larger classes of rows that look alike.',
  },
  column_clear: { detail: 'Nothing was found in it that could tell of a person by itself.' },
  identifiers_approved: { detail: 'The column names people, as the plan says and its holders approved.', mitigation: leaveOut },
  identifiers_planned: { detail: 'The plan calls the column identifying.', mitigation: leaveOut },
  identifiers_found: { detail: 'The plan does not call it identifying, but by its heading or its values it is “{{semantic}}”.', mitigation: leaveOut },
  identifiers_unique: {
    detail: 'The plan does not call it identifying, but nearly every row has its own value, so it can point at one person.',
    mitigation: leaveOut,
  },
  free_text: {
    detail: 'Its cells read like written text, in which anything about anybody can stand.',
    mitigation: 'Leave the column out, or code it by a list before it is given out.',
  },
  min_max_both: { detail: 'The smallest and the largest value are that of fewer than {{floor}} rows.', mitigation: group },
  min_max_smallest: { detail: 'The smallest value is that of fewer than {{floor}} rows.', mitigation: group },
  min_max_largest: { detail: 'The largest value is that of fewer than {{floor}} rows.', mitigation: group },
  rare_values_few: { detail: 'Fewer than {{floor}} of its values stand in fewer than {{floor}} rows each.', mitigation: rare },
  rare_values_about: { detail: 'About {{count}} of its values stand in fewer than {{floor}} rows each.', mitigation: rare },
  threshold_no_counts: {
    detail: 'The table has no counts, so how many people stand behind a cell cannot be seen in it.',
    mitigation: 'Count besides; whoever judges sees it then.',
  },
  threshold_no_numbers: { detail: 'The counts are no numbers.', mitigation: 'Run the plan again and report it.' },
  threshold_kept: { detail: 'No count that is shown is below {{floor}}.' },
  threshold_below: { detail: '{{cells}} counts are below {{floor}}.', mitigation: 'Group the categories, or raise the profile of the plan.' },
  threshold_noise_few: { detail: 'Counts carry noise; fewer than {{floor}} of them look small by it.' },
  threshold_noise_about: { detail: 'Counts carry noise; about {{count}} of them look small by it.' },
  zeroes_none: { detail: 'No cell says that there is nobody.' },
  zeroes_some: {
    detail: 'Cells say that nobody is in them, which tells of everybody in their row or column.',
    mitigation: 'Group the categories so that none is empty, or hide them.',
  },
  rounding_rounded: { detail: 'Counts are rounded, so two tables subtracted tell of nobody.' },
  rounding_noise: { detail: 'Counts carry noise.' },
  rounding_exact: {
    detail: 'Counts are exact, so two tables of nearly the same people can be subtracted.',
    mitigation: 'Choose a profile that rounds.',
  },
  noise_everywhere: { detail: 'Every figure carries noise (epsilon {{epsilon}}); no cell had to be hidden.' },
  hidden_few: { detail: 'Fewer than {{floor}} cells are hidden by it, by the rules “{{profile}}”.' },
  hidden_about: { detail: 'About {{count}} cells are hidden by it, by the rules “{{profile}}”.' },
  hidden_none: { detail: 'No cell had to be hidden by it, by the rules “{{profile}}”.' },
  classes_unknown: {
    detail: 'The plan names no column by which people could be recognised, so nothing was counted.',
    mitigation: 'Give the columns their roles in the plan.',
  },
  classes_empty: { detail: 'No row tells anything in the columns by which people could be recognised.' },
  suppressed_few: { detail: 'Fewer than {{floor}} rows tell nothing in these columns.' },
  suppressed_about: { detail: 'About {{count}} rows tell nothing in these columns.' },
  classes_below_k: {
    detail: 'Rows that look alike in {{columns}} are fewer than the {{k}} that the plan demands.',
    mitigation: 'The treatment did not keep what it promised; run the plan again and report it.',
  },
  classes_kept: { detail: 'Rows that look alike in {{columns}} are {{floor}} or more.' },
  classes_small: { detail: 'Rows that look alike in {{columns}} are fewer than {{floor}}.', mitigation: coarser },
  classes_between: {
    detail: 'Rows that look alike in {{columns}} are {{k}} or more, as the plan demands, and fewer than the floor of {{floor}}.',
    mitigation: coarser,
  },
  unique_none: { detail: 'No row stands alone.' },
  unique_few: { detail: 'Less than 1 % of the rows stand alone in the columns by which people could be recognised.', mitigation: coarser },
  unique_some: { detail: 'About {{percent}} % of the rows stand alone in the columns by which people could be recognised.', mitigation: coarser },
} as const satisfies Readonly<Record<string, Words>>

export type CheckWord = keyof typeof checkWords
