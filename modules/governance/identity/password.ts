/**
 * What may be a password (NIST SP 800-63B section 5.1.1.2): long enough, not one that stands in the leaks, and not made of
 * what everybody uses. No rules about kinds of characters: they make passwords harder to remember and no harder to guess.
 */
import { breachedIn, commonBlocks } from './common-passwords.ts'
import { limits } from './schema.ts'

/** What must remain of a password once the commonest building blocks are taken out of it. */
const ownCharactersMin = 6
const differentCharactersMin = 5

export type PasswordFault = 'too_short' | 'too_long' | 'too_common' | 'contains_address'

/** @param personal texts that anybody could know of the person, such as the address */
export function passwordFault(password: string, personal: readonly string[] = []): PasswordFault | undefined {
  const characters = [...password]
  if (characters.length < limits.passwordCharactersMin) return 'too_short'
  if (characters.length > limits.passwordCharactersMax) return 'too_long'
  return guessable(password, personal)
}

/** What is wrong with a password of whatever length: those that an earlier system took were shorter. */
export function guessable(password: string, personal: readonly string[]): 'too_common' | 'contains_address' | undefined {
  const lower = password.toLowerCase()
  if (new Set(lower).size < differentCharactersMin) return 'too_common'
  const plain = withoutAccents(lower)
  if ([lower, plain, withoutStandIns(plain)].some(isCommon)) return 'too_common'
  const known = personal.flatMap((text) => [text.toLowerCase(), text.toLowerCase().split('@')[0] ?? '']).filter((text) => text.length >= 4)
  return leftOver(lower, known) < ownCharactersMin ? 'contains_address' : undefined
}

/** Whether little remains once a breached password, however often it is there, and the common blocks are taken out. */
function isCommon(text: string): boolean {
  return [[], ...breachedIn(text).map((one) => [one])].some((taken) => leftOver(text, [...taken, ...commonBlocks]) < ownCharactersMin)
}

function withoutAccents(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '')
}

/** With letters for the signs that people write in their place. */
function withoutStandIns(text: string): string {
  return text.replace(/[013457@$!|]/g, (sign) => standIns[sign] ?? sign)
}
const standIns: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i', '|': 'l' }

function leftOver(text: string, blocks: readonly string[]): number {
  let rest = text
  for (const block of blocks) rest = rest.replaceAll(block, '')
  return rest.length
}
