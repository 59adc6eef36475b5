import { filled, type SentenceParams } from '@gatehouse/core/sentence'
import type { SdcReport } from '../../results/schema.ts'
import { type CheckWord, checkWords } from './words.ts'

/** One thing that was looked at. A figure about fewer people than the floor is never told exactly: the report is read by the project too. */
export type Check = SdcReport['checks'][number]

type Where = Partial<Pick<Check, 'column' | 'cells'>>
type Made = (check: string, word: CheckWord, params?: SentenceParams, where?: Where) => Check

const made =
  (status: Check['status']): Made =>
  (check, code, params = {}, where = {}) => {
    const words: { readonly detail: string; readonly mitigation?: string } = checkWords[code]
    const detail = filled(words.detail, params)
    return { check, status, column: null, detail, mitigation: words.mitigation ?? null, said: { code, params: { ...params } }, ...where }
  }

export const pass = made('pass')
export const review = made('review')
export const fail = made('fail')

/** A count as it may stand in the report: the word that it is less than the floor, or the one that it is about so many. */
export function some(count: number, floor: number, few: CheckWord, about: CheckWord): readonly [CheckWord, SentenceParams] {
  return count < floor ? [few, { floor }] : [about, { floor, count: Math.round(count / 5) * 5 }]
}
