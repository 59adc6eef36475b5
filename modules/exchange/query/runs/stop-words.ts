/** Where a run stopped, in the node's own sentences; the portal has them in its languages, by the same codes. */
import { filled, type Said, type SentenceParams } from '@gatehouse/core/sentence'

export const stopWords = {
  floor: 'The floor is {{floor}}.',
  treatment_said: 'It said: {{refused}}.',
  refused_untreatable: 'No treatment keeps it: there are fewer rows than it asks for, or none that coarsening would save.',
  refused_settings_exhausted: 'Even the strictest treatment leaves too much risk.',
  refused_rounds_exhausted: 'The treatment has tried as often as it may and still leaves too much risk.',
  refused_nothing_left: 'The treatment would have to leave out every row.',
  refused_check_failed: 'What the treatment made does not keep what was promised.',
  refused_empty_cohort: 'Nobody is left to count.',
  refused_negative_values: 'The rules for figures cannot judge negative values.',
  refused_too_large: 'The table of figures is too large to be protected.',
  budget: 'It would take {{epsilon}} of {{total}}.',
  table: 'It is {{table}}.',
  holder_unapproved: 'The holder of {{table}} has not approved it.',
  table_because: 'It is {{table}}: {{reasons}}.',
  roles_raised: 'The catalogue knows {{elements}} by now.',
  node: 'It is {{node}}.',
  node_says: 'It is {{node}}, which says {{reason}}.',
} as const

export interface Where {
  /** In English, never with a value. What sources and engines say stands here as they say it. */
  readonly detail?: string
  readonly said?: Said
}

/** What the treatment or the rules of figures refused by, which both name by a word. */
export function refusedBy(refused: string): Where {
  const code = `refused_${refused}`
  return code in stopWords ? where(code as keyof typeof stopWords, {}) : where('treatment_said', { refused })
}

export function where(code: keyof typeof stopWords, params: SentenceParams): Where {
  return { detail: filled(stopWords[code], params), said: { code, params } }
}
