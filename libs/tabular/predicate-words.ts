/** What is said of a predicate, in English; other languages have the same sentences by the same codes. */
import { sentences } from '@gatehouse/core/sentence'

export const predicateWords = {
  predicate_deep: 'a predicate is at most {{most}} deep',
  predicate_parts: 'too many parts; nest them',
  predicate_column: 'there is no column "{{column}}" here',
  predicate_text: 'the column is read as {{type}}; only text begins with text',
  predicate_value: 'the column is read as {{type}}, so give a {{wanted}}',
  predicate_order: 'true and false have no order; use eq or ne',
  predicate_forms: 'a predicate is {column, is, value}, {column, in}, {column, starts_with}, {column, missing}, {all: […]}, {any: […]} or {not: …}',
} as const

export const say = sentences(predicateWords)
