/**
 * What may be a password (NIST SP 800-63B section 5.1.1.2): long enough, and not made of what everybody uses. No rules about
 * kinds of characters: they make passwords harder to remember and no harder to guess.
 */
import { commonBlocks } from './common-passwords.ts'
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
  const lower = password.toLowerCase()
  if (new Set(lower).size < differentCharactersMin) return 'too_common'
  if (leftOver(lower, commonBlocks) < ownCharactersMin) return 'too_common'
  const known = personal.flatMap((text) => [text.toLowerCase(), text.toLowerCase().split('@')[0] ?? '']).filter((text) => text.length >= 4)
  return leftOver(lower, known) < ownCharactersMin ? 'contains_address' : undefined
}

function leftOver(text: string, blocks: readonly string[]): number {
  let rest = text
  for (const block of blocks) rest = rest.replaceAll(block, '')
  return rest.length
}
