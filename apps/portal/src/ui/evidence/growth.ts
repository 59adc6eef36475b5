/** Whether one signed size of a log is the beginning of another; judged here, by the independent verifier. */
import { verifyGrowth } from '@gatehouse/verify/browser'
import type { LogRefusal } from './follow-log.ts'
import { recall } from './memory.ts'

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

/** With the key that this browser holds the log to, where it has one. */
export async function judgeGrowth(earlier: Signed, later: Signed, proof: readonly string[]): Promise<Growth> {
  const origin = later.checkpoint.split('\n', 1)[0] ?? ''
  const key = recall(globalThis.localStorage, origin)?.key ?? later.vkey
  const verdict = await verifyGrowth({ earlier: earlier.checkpoint, later: later.checkpoint, proof }, key)
  return { from: earlier.size, to: later.size, proof, verdict }
}
