/** Whether a log is still the one that this browser knows: same key or one that it names, and nothing of what was seen before is gone or changed. */
import { type FaultName, openCheckpoint, type Refusal, readKey, type SuccessionClaim, verifyGrowth, verifySuccession } from '@gatehouse/verify/browser'
import { type Keep, keysOf, type Memory, recall, remember, type SeenCheckpoint } from './memory.ts'

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
  /** Whether the key was changed since this browser last looked, and the one it knew vouches for the new one. */
  readonly followed: boolean
  /** The checkpoint from before that this one was held against; absent the first time. */
  readonly since?: SeenCheckpoint
}

export interface LogRefusal extends Omit<Refusal, 'fault'> {
  /** `key_changed`: the node signs with another key than the one this browser holds it to, and does not show that it follows from it. */
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
  /** How the log changed its keys; `undefined` where it does not say. */
  readonly readKeyChanges: (origin: string) => Promise<SuccessionClaim | undefined>
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
  const line = known === undefined ? { keys: [vkey] } : await lineTo(known, vkey, origin, ports)
  const changed = {
    good: false,
    fault: 'key_changed',
    place: '/vkey',
    text: 'the node states another key than this browser holds the log to',
    ...about,
  } as const
  if (line === undefined) return changed
  const opened = await openCheckpoint(checkpoint, vkey)
  if (!opened.good) return { ...opened, ...about }
  // What is newer than anything seen is signed by the newest key.
  if (vkey !== line.keys.at(-1) && opened.size > (known?.seen?.size ?? 0)) return changed
  const growth = await checkGrowth({ checkpoint, size: opened.size }, known?.seen, line.keys, ports)
  if (!growth.good) return { ...growth, ...about }
  const { change } = line
  // The entries that name the new key stand in this very log.
  const linked = change === undefined ? growth : await checkGrowth(change, { checkpoint, size: opened.size }, [...line.keys, change.signer], ports)
  if (!linked.good) return { ...linked, ...about }
  remember(ports.keep, origin, line.keys, { checkpoint, size: opened.size, at: ports.now() })
  return { ...opened, key: vkey, followed: change !== undefined, ...about }
}

interface Line {
  /** From the first to the newest; what any of them signed holds. */
  readonly keys: readonly string[]
  /** The checkpoint under which a new one was followed. */
  readonly change?: Signed & { readonly signer: string }
}

type Signed = Pick<SeenCheckpoint, 'checkpoint' | 'size'>

/** The keys from those that are held to up to the stated one, or on both sides of it where it is an earlier one; `undefined` where it is none of the line. */
async function lineTo(known: Memory, vkey: string, origin: string, ports: Ports): Promise<Line | undefined> {
  const keys = keysOf(known)
  if (keys.includes(vkey)) return { keys }
  const changes = await ports.readKeyChanges(origin)
  if (changes === undefined) return undefined
  const [later, earlier] = [await verifySuccession(changes, known.key, vkey), await verifySuccession(changes, vkey, known.key)]
  if (later.good) return { keys: [...(known.earlier ?? []), ...later.keys], change: { checkpoint: changes.checkpoint, size: later.size, signer: later.signer } }
  return earlier.good ? { keys: earlier.keys } : undefined
}

async function checkGrowth(
  { checkpoint, size }: Signed,
  seen: Signed | undefined,
  keys: readonly string[],
  { readGrowth }: Ports,
): Promise<{ readonly good: true } | Refusal> {
  if (seen === undefined || seen.checkpoint === checkpoint) return { good: true }
  const key = keys.join('\n')
  // An answer may have been made a moment before the one that is remembered; then the remembered log begins with it.
  const [earlier, later] = size < seen.size ? [checkpoint, seen.checkpoint] : [seen.checkpoint, checkpoint]
  const [from, to] = [Math.min(size, seen.size), Math.max(size, seen.size)]
  const proof = from === to || from === 0 ? [] : await readGrowth(from, to)
  if (proof === undefined || (from === 0 && size < seen.size)) return verifyGrowth({ earlier: seen.checkpoint, later: checkpoint, proof: [] }, key)
  return verifyGrowth({ earlier, later, proof }, key)
}
