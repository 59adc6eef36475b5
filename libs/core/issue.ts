/** What a schema says of a value that does not fit it, in plain words; the portal has the same sentences in its languages, by the same codes. */
import type { z } from 'zod'
import { type Sentence, sentences } from './sentence.ts'

export const issueWords = {
  missing: 'this is needed',
  text_needed: 'text belongs here',
  number_needed: 'a number belongs here',
  whole_number_needed: 'a whole number belongs here',
  truth_needed: 'true or false belongs here',
  list_needed: 'a list belongs here',
  object_needed: 'an object with members belongs here',
  text_short: 'at least {{least}} characters are needed',
  text_long: 'at most {{most}} characters have room',
  list_short: 'at least {{least}} of them are needed',
  list_long: 'at most {{most}} of them are taken',
  number_low: 'it is at least {{least}}',
  number_not_above: 'it is more than {{least}}',
  number_high: 'it is at most {{most}}',
  number_not_below: 'it is less than {{most}}',
  not_one_of: 'it is one of {{choices}}',
  no_email: 'this is no e-mail address',
  no_url: 'this is no address of the web',
  no_time: 'this is no time with date and zone, such as 2026-05-03T09:00:00Z',
  no_date: 'this is no date, such as 2026-05-03',
  wrong_form: 'it does not have the form that belongs here',
  field_unknown: 'unknown field: {{field}}',
} as const

type Word = keyof typeof issueWords

const say = sentences(issueWords)

const ofType: Readonly<Record<string, Word>> = {
  string: 'text_needed',
  number: 'number_needed',
  int: 'whole_number_needed',
  boolean: 'truth_needed',
  array: 'list_needed',
  object: 'object_needed',
  record: 'object_needed',
}
const ofFormat: Readonly<Record<string, Word>> = { email: 'no_email', url: 'no_url', datetime: 'no_time', date: 'no_date' }

/** zod's own words, which are for programmers; a schema that has words of its own keeps them. */
const isDefault = ({ message }: z.core.$ZodIssue) => /^(Too (small|big)|Invalid |Unrecognized key)/.test(message)

/** Never quotes what was sent. */
export function saidOfIssue(issue: z.core.$ZodIssue): Sentence | { readonly detail: string } {
  return (isDefault(issue) ? sentenceOf(issue) : undefined) ?? { detail: issue.message }
}

function sentenceOf(issue: z.core.$ZodIssue): Sentence | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? say('missing') : say(ofType[issue.expected] ?? 'wrong_form')
    case 'too_small': {
      const least = Number(issue.minimum)
      if (issue.origin === 'string') return say('text_short', { least })
      if (issue.origin === 'number' || issue.origin === 'int') return say(issue.inclusive === false ? 'number_not_above' : 'number_low', { least })
      return say('list_short', { least })
    }
    case 'too_big': {
      const most = Number(issue.maximum)
      if (issue.origin === 'string') return say('text_long', { most })
      if (issue.origin === 'number' || issue.origin === 'int') return say(issue.inclusive === false ? 'number_not_below' : 'number_high', { most })
      return say('list_long', { most })
    }
    case 'invalid_value':
      return say('not_one_of', { choices: issue.values.map(String).join(', ') })
    case 'invalid_format':
      return say(ofFormat[issue.format] ?? 'wrong_form')
    case 'unrecognized_keys':
      return say('field_unknown', { field: issue.keys.map((key) => key.slice(0, 40)).join(', ') })
    default:
      return say('wrong_form')
  }
}
