/** A file of anchors: what was made known outside, where, when, and that the log only grew between. */
import type { X509Certificate } from 'node:crypto'
import { type Checkpoint, noteCheckpoint, readCheckpoint, type WitnessPolicy } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { same, toHex, utf8 } from '../encoding.ts'
import type { TrustedKey } from '../keys.ts'
import { beginsWith } from '../merkle.ts'
import { CannotTell, Fault, type Run } from '../report.ts'
import { base64, count, each, members, object, text1 } from '../shape.ts'
import { type AnchorEvent, checkChain, readEvent } from './events.ts'
import { verifyTimeStamp } from './time-stamp.ts'

export const anchorFileBytesMax = 32 * 1024 * 1024
const anchorsMax = 10_000

export interface AnchorQuestion {
  readonly text: string
  readonly keys: readonly TrustedKey[]
  readonly policy: WitnessPolicy
  readonly cryptography: Cryptography
  /** Certificates of the time-stamp authorities that the reader trusts. */
  readonly roots: readonly X509Certificate[]
  /** What the chain says, from a source that the reader trusts: a file of events, or a node of its own. */
  readonly chain?: ((origin: string) => Promise<AnchorEvent[]>) | undefined
}

interface Anchored {
  readonly place: string
  readonly kind: string
  readonly size: number
  readonly root: Uint8Array
  readonly checkpoint: string
  readonly receipt: Record<string, unknown>
}

/** @returns the checkpoints that were anchored, as far as they could be read @throws Fault, CannotTell */
export async function verifyAnchors(run: Run, { text, keys, policy, cryptography, roots, chain }: AnchorQuestion): Promise<Checkpoint[]> {
  const { origin, anchors, consistency } = readFile(text)
  if (anchors.length === 0) throw new CannotTell('the file holds no anchor')
  const checkpoints: Checkpoint[] = []
  for (const anchor of anchors) {
    await run.try(async () => {
      const { place, size, root } = anchor
      const checkpoint = await readCheckpoint(anchor.checkpoint, `${place}/checkpoint`, keys, policy, cryptography)
      if (checkpoint.origin !== origin) throw new Fault(`${place}/checkpoint`, `the checkpoint is of ${checkpoint.origin}`)
      if (checkpoint.size !== size || !same(checkpoint.root, root)) throw new Fault(place, 'the anchor names another size or root than its checkpoint')
      noteCheckpoint(run, `${place}/checkpoint`, checkpoint, policy)
      checkpoints.push(checkpoint)
    })
  }

  const events = chain === undefined ? undefined : await chain(origin)
  if (events !== undefined) {
    await run.try(() => {
      checkChain(events)
      run.note('good', 'chain', `the chain holds ${events.length} anchors of this log, each continuing the one before`)
    })
  }
  for (const anchor of anchors) await run.try(() => checkOutside(run, anchor, origin, events, roots))
  for (const event of events ?? []) {
    if (!anchors.some(({ size, root }) => size === event.size && toHex(root) === event.root))
      run.note('cannot_tell', event.place, `the chain holds an anchor of size ${event.size} that is not in the file: ask for its checkpoint`)
  }
  await checkGrowth(run, anchors, consistency, cryptography)
  return checkpoints
}

function checkOutside(
  run: Run,
  { place, kind, size, root, checkpoint, receipt }: Anchored,
  origin: string,
  events: readonly AnchorEvent[] | undefined,
  roots: readonly X509Certificate[],
): void {
  if (kind === 'time_stamp') {
    const token = base64(receipt.token, `${place}/receipt/token`)
    if (roots.length === 0) {
      run.note('cannot_tell', place, 'a time stamp needs the certificate of its authority: give it with --roots FILE')
      return
    }
    const { time, authority } = verifyTimeStamp(token, utf8(checkpoint), roots, `${place}/receipt/token`)
    run.note('good', place, `the checkpoint of size ${size} existed at ${time}, says ${authority}`)
    return
  }
  if (kind !== 'evm') {
    run.note('cannot_tell', place, `anchors of the kind ${JSON.stringify(kind)} are not known to this verifier`)
    return
  }
  const claimed = readEvent(receipt, origin, `${place}/receipt`)
  if (claimed === undefined) throw new Fault(`${place}/receipt`, 'the event is not an anchor of this log')
  if (claimed.size !== size || claimed.root !== toHex(root)) throw new Fault(`${place}/receipt`, 'the event names another size or root')
  if (events === undefined) {
    run.note('cannot_tell', place, 'whether the chain has this event, only the chain can say: give --rpc URL and --contract, or --events FILE')
    return
  }
  if (
    !events.some(
      (event) =>
        event.size === size && event.root === claimed.root && event.previousSize === claimed.previousSize && event.previousRoot === claimed.previousRoot,
    )
  )
    throw new Fault(place, `the chain has no such anchor of size ${size}`)
  run.note('good', place, `the chain has the anchor of size ${size}`)
}

/** Every anchored checkpoint begins with the one before; two of one size are one. */
async function checkGrowth(
  run: Run,
  anchors: readonly Anchored[],
  proofs: ReadonlyMap<string, readonly Uint8Array[]>,
  cryptography: Cryptography,
): Promise<void> {
  const sorted = [...anchors].sort((left, right) => left.size - right.size)
  for (const [at, later] of sorted.entries()) {
    const earlier = sorted[at - 1]
    if (earlier === undefined) continue
    await run.try(async () => {
      if (earlier.size === later.size) {
        if (!same(earlier.root, later.root)) throw new Fault(later.place, `the log was forked: two different logs of ${later.size} entries were anchored`)
        return
      }
      const proof = proofs.get(`${earlier.size} ${later.size}`)
      if (proof === undefined) {
        run.note('cannot_tell', later.place, `the file has no proof that size ${later.size} continues size ${earlier.size}`)
        return
      }
      if (!(await beginsWith(later, earlier, proof, cryptography)))
        throw new Fault(later.place, `it is not shown that the log of ${later.size} entries begins with that of ${earlier.size}`)
      run.note('good', later.place, `the log grew from ${earlier.size} to ${later.size} entries, and the earlier ones are unchanged`)
    })
  }
}

function readFile(text: string) {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new CannotTell('the file is no JSON')
  }
  const file = members(value, '', ['format', 'version', 'origin', 'anchors', 'consistency'])
  if (file.format !== 'gatehouse-anchors' || file.version !== 1) throw new CannotTell('this is no file of anchors of a version that this verifier knows')
  const anchors = each(file.anchors, '/anchors', (item, place): Anchored => {
    const anchor = members(item, place, ['kind', 'size', 'root', 'checkpoint', 'receipt'])
    return {
      place,
      kind: text1(anchor.kind, `${place}/kind`),
      size: count(anchor.size, `${place}/size`),
      root: base64(anchor.root, `${place}/root`, 32),
      checkpoint: text1(anchor.checkpoint, `${place}/checkpoint`),
      receipt: object(anchor.receipt, `${place}/receipt`),
    }
  })
  if (anchors.length > anchorsMax) throw new CannotTell(`the file holds more than ${anchorsMax} anchors`)
  const consistency = each(file.consistency, '/consistency', (item, place) => {
    const { from, to, proof } = members(item, place, ['from', 'to', 'proof'])
    return [`${count(from, `${place}/from`)} ${count(to, `${place}/to`)}`, each(proof, `${place}/proof`, (hash, at) => base64(hash, at, 32))] as const
  })
  return { origin: text1(file.origin, '/origin'), anchors, consistency: new Map(consistency) }
}
