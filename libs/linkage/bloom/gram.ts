/** A canonical value as the n-grams that are put into a filter. */
import { elementSeparator } from '../normalize/number.ts'
import type { ClkField } from './schema.ts'

const notLetterOrDigit = /[^\p{L}\p{M}\p{N}]+/gu

/** Counted in code points. Elements of a set are taken one by one; in a date or a code only letters and digits count. */
export function gramsOf(value: string, { gram, positional, form }: Pick<ClkField, 'gram' | 'positional' | 'form'>): string[] {
  const grams: string[] = []
  for (const element of value.split(elementSeparator)) {
    const plain = form.form === 'address' || form.form === 'text' ? element : element.replace(notLetterOrDigit, '')
    const pad = positional ? '' : ' '.repeat(gram - 1)
    const letters = [...`${pad}${plain}${pad}`]
    for (let at = 0; at + gram <= letters.length; at++) {
      const text = letters.slice(at, at + gram).join('')
      grams.push(positional ? `${at} ${text}` : text)
    }
  }
  return grams
}
