/**
 * What a node says to people: a code with what it is filled with, of which each language makes its own sentence, beside the English one
 * for whoever has no other. The English stands in one table for each kind of sentence, with `{{name}}` where a parameter goes.
 */
import { z } from 'zod'

export const saidSchema = z.strictObject({
  code: z.string().describe('Which sentence it is; the words of other languages are found by it'),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})

export type SentenceParams = Readonly<Record<string, string | number>>

export interface Said {
  readonly code: string
  readonly params: SentenceParams
}

/** A sentence in English, and as what other languages make theirs of. */
export interface Sentence {
  readonly detail: string
  readonly said: Said
}

/** @throws RangeError where the sentence has a place that nothing is given for */
export function filled(template: string, params: SentenceParams): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new RangeError(`a sentence needs its ${name}`)
    return String(value)
  })
}

/** Says sentences of a table. */
export function sentences<T extends Readonly<Record<string, string>>>(table: T): (code: keyof T & string, params?: SentenceParams) => Sentence {
  return (code, params = {}) => ({ detail: filled(table[code] as string, params), said: { code, params } })
}
