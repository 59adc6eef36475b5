/** The seal of a bundle: the node's own signature over all of it, so that what it handed out can be told from what somebody made of it. */
import { holds, isBy, parseSignedNote } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { fromBase64, same, utf8 } from '../encoding.ts'
import { canonical } from '../jcs.ts'
import { baseName, type TrustedKey } from '../keys.ts'
import { Fault, type Run } from '../report.ts'
import type { Bundle } from './read.ts'

/**
 * @param value the bundle as it was parsed
 * @throws Fault where the seal is malformed, of another bundle, or wrongly signed
 */
export async function checkSeal(
  run: Run,
  { origin, created, seal }: Bundle,
  value: object,
  keys: readonly TrustedKey[],
  cryptography: Cryptography,
): Promise<void> {
  if (seal === undefined) return
  const { seal: _, ...sealed } = value as Record<string, unknown>
  await checkSealed(run, { what: 'bundle', place: '/seal', origin, created, seal, bytes: utf8(textOf(sealed)) }, keys, cryptography)
}

export interface Sealed {
  readonly what: string
  readonly place: string
  readonly origin: string
  readonly created: string
  readonly seal: string
  readonly bytes: Uint8Array
}

/** @throws Fault where the seal is malformed, of something else, or wrongly signed */
export async function checkSealed(
  run: Run,
  { what, place, origin, created, seal, bytes }: Sealed,
  keys: readonly TrustedKey[],
  cryptography: Cryptography,
): Promise<void> {
  const name = `${baseName(origin)}/evidence`
  const { text, signatures } = parseSignedNote(seal, place)
  const [named, at, digest, ...more] = text.split('\n')
  const stated = fromBase64(digest ?? '')
  if (named !== name || at !== created || stated === undefined || more.length !== 1)
    throw new Fault(place, `the seal is not one of ${name} over a ${what} of ${created}`)
  if (!same(await cryptography.sha256(bytes), stated)) throw new Fault(place, `the ${what} is not the one that was sealed: something in it was changed`)
  let known = false
  for (const signature of signatures) {
    const key = keys.find((candidate) => candidate.name === name && !candidate.witness && isBy(signature, candidate))
    if (key === undefined) continue
    if (!(await holds(signature, text, key, cryptography))) throw new Fault(place, `the signature of ${name} is wrong: the seal was forged`)
    known = true
  }
  if (known) run.note('good', place, `the node sealed this ${what} at ${created}, and nothing in it was changed since`)
  else run.note('cannot_tell', place, `the key file has no key that signed the seal; it is named ${name}`)
}

function textOf(value: unknown): string {
  try {
    return canonical(value)
  } catch (cause) {
    throw new Fault('', `the bundle has no canonical form: ${(cause as Error).message}`)
  }
}
