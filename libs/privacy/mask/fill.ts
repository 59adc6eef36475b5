import { z } from 'zod'

/** The character that hides another. */
export const fillSchema = z.string().length(1).default('*')

/**
 * Hides all characters but the first and last few. A text that has no more than those is hidden wholly, since showing its ends
 * would show all of it.
 */
export function fillText(text: string, first: number, last: number, fill: string, keepSeparators: boolean): string {
  const characters = Array.from(text)
  const counted = characters.filter((character) => !keepSeparators || isAlphanumeric(character)).length
  const shown = counted > first + last
  let position = 0
  return characters
    .map((character) => {
      if (keepSeparators && !isAlphanumeric(character)) return character
      const at = position++
      return shown && (at < first || at >= counted - last) ? character : fill
    })
    .join('')
}

const alphanumeric = /[\p{L}\p{N}\p{M}]/u
const isAlphanumeric = (character: string) => alphanumeric.test(character)
