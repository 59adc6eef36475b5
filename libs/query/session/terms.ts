/**
 * What the nodes of a session say to one another, as JSON, and what the engine of `@gatehouse/linkage/anon` makes of it. Every node that
 * takes part is an authority with a share of the session's key, so none has to believe that two others do not work together. Shares are
 * drawn for one run and gone after it.
 */
import { fromBase64url, toBase64url, u32 } from '@gatehouse/crypto/bytes'
import { type Group, GroupError, type RandomBytes } from '@gatehouse/crypto/group/group'
import { deriveKey } from '@gatehouse/crypto/kdf'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type Authority, jointKey, newAuthority, publicHalf } from '@gatehouse/linkage/anon/authority'
import { AnonError } from '@gatehouse/linkage/anon/error'
import { newPart, type Part, type Session } from '@gatehouse/linkage/anon/session'
import { z } from 'zod'

export const sessionLimits = {
  /** Of all nodes together: each costs every node some milliseconds. */
  itemsMax: 200_000,
  partiesMax: 8,
} as const

const party = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
/** 32 bytes, base64url. */
const bytes32 = z.string().length(43)

/** A node's half of the key, the proof that it knows its share, and the numbers it commits itself to before it sees a row. */
export const sessionHalf = z.strictObject({
  party,
  share: bytes32,
  challenge: bytes32,
  response: bytes32,
  commitment: bytes32,
  product: bytes32,
})
export type SessionHalf = z.output<typeof sessionHalf>

/** What all parties agree on before the first row is sent. */
export const sessionTerms = z.strictObject({
  /** The run at the node that asked: a session of its own, and never another. */
  run: z.string().max(64),
  project: z.string().max(64),
  /** In the order of their turns; the node that asked comes last. */
  halves: z.array(sessionHalf).min(2).max(sessionLimits.partiesMax),
  /** By `node/source`, how many items each source gives: told, capped and kept, for whoever takes part can try out so many guesses. */
  items: z.record(z.string().max(130), z.int().min(0).max(sessionLimits.itemsMax)),
})
export type SessionTerms = z.output<typeof sessionTerms>

/** Where a source of the plan lies, as a session calls it. */
export const siteOf = (party: string, source: string): string => `${party}/${source}`

/** Challenge, and the responses for the blind and the product. */
export const proofText = z.string().length(128)

export interface SessionSecret {
  readonly authority: Authority
  readonly part: Part
}

/** The share and the blind are made of a seed of 32 bytes, which is wrapped where it lies and forgotten with the session. */
export function secretOf(group: Group, primitives: Primitives, seed: Uint8Array, named: { readonly party: string; readonly run: string }): SessionSecret {
  const authority = newAuthority(group, named.party, named.run, drawnFrom(primitives, seed, 'share'))
  return { authority, part: newPart(group, authority, drawnFrom(primitives, seed, 'blind')) }
}

function drawnFrom(primitives: Primitives, seed: Uint8Array, what: string): RandomBytes {
  let count = 0
  const key = deriveKey(primitives, seed, `gatehouse/query/session-${what}/v1`)
  return (length) => primitives.hmacSha256(key, u32(count++)).subarray(0, length)
}

export function halfOf(group: Group, { authority, part }: SessionSecret, random: RandomBytes): SessionHalf {
  const { possession } = publicHalf(group, authority, random)
  return {
    party: authority.name,
    share: toBase64url(authority.publicShare),
    challenge: toBase64url(possession.challenge),
    response: toBase64url(possession.response),
    commitment: toBase64url(part.commitment),
    product: toBase64url(part.product),
  }
}

export interface OpenedSession {
  readonly session: Session
  readonly parts: ReadonlyMap<string, Omit<Part, 'secret'>>
}

/** @throws AnonError where a half is no half, or its holder does not prove that it knows its share */
export function opened(group: Group, { run, project, halves, items }: SessionTerms): OpenedSession {
  const key = jointKey(
    group,
    halves.map(({ party: name, share, challenge, response }) => ({
      name,
      keyId: run,
      publicShare: read(() => group.element(bytesOf(share), 'a share')),
      possession: {
        challenge: read(() => group.scalar(bytesOf(challenge), 'a challenge')),
        response: read(() => group.scalar(bytesOf(response), 'a response')),
      },
    })),
  )
  const parts = halves.map(
    ({ party: name, commitment, product }) =>
      [
        name,
        { commitment: read(() => group.element(bytesOf(commitment), 'a commitment')), product: read(() => group.element(bytesOf(product), 'a product')) },
      ] as const,
  )
  return { session: { id: run, project, key, rowsOf: items }, parts: new Map(parts) }
}

/** @throws AnonError `malformed` in place of what the group says of bytes that are no member of it */
export function read<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof GroupError) throw new AnonError('malformed', error.message)
    throw error
  }
}

export function bytesOf(text: string): Uint8Array {
  const bytes = fromBase64url(text)
  if (bytes === undefined) throw new AnonError('malformed', 'these are no bytes in base64url')
  return bytes
}

/** What a node expects of the terms that it is given. */
export interface Expected {
  readonly run: string
  readonly project: string
  /** The node that asked. */
  readonly last: string
  /** As this node said it. */
  readonly half: SessionHalf
  /** Of this node's sources, as it announced them. */
  readonly items: Readonly<Record<string, number>>
  /** By the source of the plan, the node where it lies. */
  readonly nodes: ReadonlyMap<string, string>
}

/** Why terms are not those of this run, in words without a value; `undefined` where they are. */
export function termsFault({ run, project, halves, items }: SessionTerms, expected: Expected): string | undefined {
  const parties = halves.map(({ party: name }) => name)
  if (run !== expected.run || project !== expected.project) return 'it is a session of another run or project'
  if (new Set(parties).size !== parties.length || parties.at(-1) !== expected.last) return 'its parties are not those of the run'
  const own = halves.find(({ party: name }) => name === expected.half.party)
  if (own === undefined || JSON.stringify(sessionHalf.parse(own)) !== JSON.stringify(sessionHalf.parse(expected.half)))
    return 'the half of this node is not the one it gave'
  const sites = new Map([...expected.nodes].map(([source, node]) => [siteOf(node, source), node]))
  const nodes = new Set(sites.values())
  if (parties.some((name) => name !== expected.last && !nodes.has(name))) return 'a party has no table in the plan'
  const strange = Object.keys(items).find((site) => !parties.includes(sites.get(site) ?? ''))
  if (strange !== undefined) return 'it counts rows of a source that no party has in the plan'
  const mine = [...sites].filter(([, node]) => node === expected.half.party).map(([site]) => site)
  if (mine.some((site) => items[site] !== expected.items[site])) return 'it counts other rows of this node than were announced'
  return tooMany(items)
}

export function tooMany(items: SessionTerms['items']): string | undefined {
  const total = Object.values(items).reduce((sum, count) => sum + count, 0)
  if (total === 0) return 'nobody is told apart in any source'
  return total > sessionLimits.itemsMax ? `it has ${total} rows, and at most ${sessionLimits.itemsMax} may be linked in a session` : undefined
}

/** Names of items within their source say nothing of the person, and where in the session each stands. */
export function sitesOf({ items }: SessionTerms): { readonly site: string; readonly from: number; readonly count: number }[] {
  let from = 0
  return Object.keys(items)
    .sort()
    .map((site) => {
      const count = items[site] as number
      from += count
      return { site, from: from - count, count }
    })
}
