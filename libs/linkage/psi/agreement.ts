/** What both parties settle before either sends anything. Its hash stands in every message and in every item's hash. */
import { lengthPrefixed, u32, utf8 } from '@gatehouse/crypto/bytes'
import type { Group } from '@gatehouse/crypto/group/group'
import { PsiError } from './error.ts'

/** `intersection`: the asker learns which of its items the other has; `cardinality`: only how many. */
export type PsiMode = 'intersection' | 'cardinality'

export interface PsiAgreement {
  readonly mode: PsiMode
  /** Names this one run, its purpose and its parties, and is never used twice: runs of two sessions then share no element. */
  readonly session: string
  /** Most distinct items the asker may send. Whoever asks can try out so many guesses: keep it at what the purpose needs. */
  readonly askedMax: number
  /** Most distinct items the answerer may hold. */
  readonly heldMax: number
}

/** Named limits. A million items are some ten minutes of work on each side. */
export const itemsMaxMax = 10_000_000
export const sessionLengthMax = 1_000
export const itemBytesMax = 4_096

const domain = utf8('gatehouse/linkage/psi/v1')
/** Bytes of the agreement's hash in a message. */
export const agreementHashLength = 32

/** @throws PsiError `bad_agreement` */
export function agreementHash(group: Group, { mode, session, askedMax, heldMax }: PsiAgreement): Uint8Array {
  if (mode !== 'intersection' && mode !== 'cardinality') throw new PsiError('bad_agreement', 'the mode is "intersection" or "cardinality"')
  if (session === '' || session.length > sessionLengthMax) throw new PsiError('bad_agreement', `a session has a name of 1 to ${sessionLengthMax} characters`)
  for (const max of [askedMax, heldMax]) {
    if (!Number.isInteger(max) || max < 1 || max > itemsMaxMax) throw new PsiError('bad_agreement', `the most items of a party are 1 to ${itemsMaxMax}`)
  }
  return group.sha512(lengthPrefixed([domain, mode, session, u32(askedMax), u32(heldMax)])).subarray(0, agreementHashLength)
}
