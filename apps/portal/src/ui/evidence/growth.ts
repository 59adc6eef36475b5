/** Whether one signed size of a log is the beginning of another; judged here, by the independent verifier. */
import { type SuccessionClaim, verifyGrowth, verifySuccession } from '@gatehouse/verify/browser'
import type { LogRefusal } from './follow-log.ts'
import { keysOf, recall } from './memory.ts'

interface Signed {
  readonly size: number
  readonly checkpoint: string
  readonly vkey: string
}

export interface Growth {
  readonly from: number
  readonly to: number
  /** Base64, as the node gave it. */
  readonly proof: readonly string[]
  readonly verdict: Awaited<ReturnType<typeof verifyGrowth>> | LogRefusal
}

/**
 * With the key that this browser holds the log to, where it has one.
 * @param readKeyChanges asked where one of the two is signed by a key that this browser has not met
 */
export async function judgeGrowth(
  earlier: Signed,
  later: Signed,
  proof: readonly string[],
  readKeyChanges: (origin: string) => Promise<SuccessionClaim | undefined>,
): Promise<Growth> {
  const origin = later.checkpoint.split('\n', 1)[0] ?? ''
  const known = recall(globalThis.localStorage, origin)
  const keys = known === undefined ? [later.vkey] : [...keysOf(known)]
  const newest = keys.at(-1) ?? later.vkey
  for (const vkey of [earlier.vkey, later.vkey].filter((one) => !keys.includes(one))) {
    const changes = await readKeyChanges(origin)
    if (changes === undefined) break
    const [before, after] = [await verifySuccession(changes, vkey, newest), await verifySuccession(changes, newest, vkey)]
    if (before.good || after.good) keys.push(vkey)
  }
  const verdict = await verifyGrowth({ earlier: earlier.checkpoint, later: later.checkpoint, proof }, keys.join('\n'))
  return { from: earlier.size, to: later.size, proof, verdict }
}
