/** Where a run stopped, in the node's own sentences; the portal has them in its languages, by the same codes. */
import { filled, type Said, type SentenceParams } from '@gatehouse/core/sentence'

export const stopWords = {
  floor: 'The floor is {{floor}}.',
  treatment_said: 'It said: {{refused}}.',
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

export function where(code: keyof typeof stopWords, params: SentenceParams): Where {
  return { detail: filled(stopWords[code], params), said: { code, params } }
}
