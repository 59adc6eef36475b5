/**
 * A chain in which each link names the hash of the one before it. A chain alone shows changes inside it; that its tail was cut
 * off shows only against a head kept elsewhere, for example in the log.
 */
export interface ChainLink {
  /** The hash of this whole link, computed by the caller from what is stored. */
  readonly hash: string
  /** What the link says its predecessor's hash is. */
  readonly previousHash: string
}

export type ChainWalk =
  | { readonly outcome: 'whole'; readonly length: number; readonly head: string }
  /** `at` counts from 0 and is the first link that does not continue the chain, or the length where the head is not the expected one. */
  | { readonly outcome: 'broken'; readonly at: number; readonly expected: string; readonly found: string }

/**
 * Walks links in order and stops at the first fault.
 * @param from the hash that the first link must name: the genesis value, or the head up to which the chain was walked before
 * @param head the hash the last link must have, where it is known
 */
export function walkChain(links: Iterable<ChainLink>, from: string, head?: string): ChainWalk {
  let previous = from
  let at = 0
  for (const link of links) {
    if (link.previousHash !== previous) return { outcome: 'broken', at, expected: previous, found: link.previousHash }
    previous = link.hash
    at++
  }
  if (head !== undefined && previous !== head) return { outcome: 'broken', at, expected: head, found: previous }
  return { outcome: 'whole', length: at, head: previous }
}
