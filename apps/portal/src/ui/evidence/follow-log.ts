/** Whether a log is still the one that this browser knows: same key, and nothing of what was seen before is gone or changed. */
import { type FaultName, openCheckpoint, type Refusal, readKey, verifyGrowth } from '@gatehouse/verify/browser'
import { type Keep, type Memory, recall, remember, type SeenCheckpoint } from './memory.ts'

/** What every proof and `ledger.checkpoint` carry. */
export interface Stated {
  readonly checkpoint: string
  readonly vkey: string
}

export interface FollowedLog {
  readonly good: true
  readonly origin: string
  readonly size: number
  readonly root: string
  readonly keyId: string
  /** The key that was used: this browser's own, or the node's where the browser has none. */
  readonly key: string
  readonly pinned: boolean
  /** The checkpoint from before that this one was held against; absent the first time. */
  readonly since?: SeenCheckpoint
}

export interface LogRefusal extends Omit<Refusal, 'fault'> {
  /** `key_changed`: the node signs with another key than the one this browser holds it to. */
  readonly fault: FaultName | 'key_changed'
  readonly origin?: string
  readonly pinned?: boolean
  /** The checkpoint that is contradicted. */
  readonly since?: SeenCheckpoint
}

export interface Ports {
  readonly keep: Keep
  /** The present, as an instant. */
  readonly now: () => string
  /** The hashes that lead from one size to another; `undefined` where the node has no log of the later size. */
  readonly readGrowth: (from: number, to: number) => Promise<readonly string[] | undefined>
}

/**
 * Checks what the node states against what is remembered, and remembers it when it is good. A contradicted checkpoint stays
 * remembered, for it is the proof against the node.
 */
export async function followLog({ checkpoint, vkey }: Stated, ports: Ports): Promise<FollowedLog | LogRefusal> {
  const stated = await readKey(vkey)
  if (!stated.good) return { ...stated, place: '/vkey' }
  const { origin } = stated
  const known = recall(ports.keep, origin)
  const about = { origin, pinned: known?.pinned ?? false, ...(known?.seen === undefined ? {} : { since: known.seen }) }
  if (known !== undefined && known.key !== vkey)
    return { good: false, fault: 'key_changed', place: '/vkey', text: 'the node states another key than this browser holds the log to', ...about }
  const opened = await openCheckpoint(checkpoint, vkey)
  if (!opened.good) return { ...opened, ...about }
  const growth = await checkGrowth(checkpoint, opened.size, vkey, known, ports)
  if (!growth.good) return { ...growth, ...about }
  remember(ports.keep, origin, vkey, { checkpoint, size: opened.size, at: ports.now() })
  return { ...opened, key: vkey, ...about }
}

async function checkGrowth(
  checkpoint: string,
  size: number,
  key: string,
  known: Memory | undefined,
  { readGrowth }: Ports,
): Promise<{ readonly good: true } | Refusal> {
  const seen = known?.seen
  if (seen === undefined || seen.checkpoint === checkpoint) return { good: true }
  // An answer may have been made a moment before the one that is remembered; then the remembered log begins with it.
  const [earlier, later] = size < seen.size ? [checkpoint, seen.checkpoint] : [seen.checkpoint, checkpoint]
  const [from, to] = [Math.min(size, seen.size), Math.max(size, seen.size)]
  const proof = from === to || from === 0 ? [] : await readGrowth(from, to)
  if (proof === undefined || (from === 0 && size < seen.size)) return verifyGrowth({ earlier: seen.checkpoint, later: checkpoint, proof: [] }, key)
  return verifyGrowth({ earlier, later, proof }, key)
}
