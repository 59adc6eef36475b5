/**
 * Private set intersection of two parties by Diffie and Hellman's exchange (Meadows 1986; Huberman, Franklin and Hogg 1999) in
 * ristretto255. The asker sends a·H(x), the answerer replies b·a·H(x) and b·H(y), the asker compares b·a·H(x) with a·b·H(y).
 *
 * The asker learns how many items the answerer holds and which of its own are among them; in cardinality mode only how many. The
 * answerer learns how many items were asked. Both are taken to follow the protocol. Nothing proves that a party used its real set,
 * nor that the asker raised all items by one secret: an asker that took one for each item would learn from cardinality which they are.
 */
import { concat, toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Element, Group, RandomBytes, Scalar } from '@gatehouse/crypto/group/group'
import { agreementHash, itemBytesMax, type PsiAgreement } from './agreement.ts'
import { PsiError } from './error.ts'
import { compareBytes, readReply, readRequest, writeReply, writeRequest } from './message.ts'

const itemDomain = utf8('gatehouse/linkage/psi/item/v1')

export type PsiResult =
  | {
      readonly mode: 'intersection'
      /** Distinct items that both have. */
      readonly count: number
      /** Places in the asker's list whose item the answerer has, rising; equal items stand there each. */
      readonly indices: readonly number[]
      /** Distinct items of the answerer. */
      readonly heldCount: number
    }
  | { readonly mode: 'cardinality'; readonly count: number; readonly heldCount: number }

export interface Asking {
  /** Goes to the answerer. */
  readonly request: Uint8Array
  /** Takes the reply, once; the asker's secret is then gone. @throws PsiError with a name for what is wrong */
  finish(reply: Uint8Array): PsiResult
}

/**
 * The asker's side.
 * @param items canonical identifiers or, better, tokens; equal ones count once
 * @throws PsiError `too_many_items`, `bad_agreement`
 */
export function ask(group: Group, agreement: PsiAgreement, items: readonly Uint8Array[], random: RandomBytes): Asking {
  const { elements, placesOf } = hashedItems(group, agreement, items, agreement.askedMax)
  const secret = group.randomScalar(random)
  const raised = elements.map((element, item) => ({ item, element: group.multiply(element, secret) }))
  // Sorted, the order says nothing of the order of the items: to whoever lacks the secret the elements are random.
  const asked = raised.sort((left, right) => compareBytes(left.element, right.element))
  let finished = false
  return {
    request: writeRequest(
      group,
      agreement,
      asked.map(({ element }) => element),
    ),
    finish(reply) {
      if (finished) throw new PsiError('finished', 'this run has its result already; agree on a new session and ask anew')
      const read = readReply(group, agreement, reply, asked.length)
      finished = true
      const held = new Set(raiseAll(group, read.held, secret).map(toHex))
      secret.fill(0)
      const common = asked.filter((_, index) => held.has(toHex(read.raised[index] ?? new Uint8Array())))
      const heldCount = read.held.length
      if (agreement.mode === 'cardinality') return { mode: 'cardinality', count: common.length, heldCount }
      const indices = common.flatMap(({ item }) => placesOf[item] ?? []).sort((left, right) => left - right)
      return { mode: 'intersection', count: common.length, indices, heldCount }
    },
  }
}

/**
 * The answerer's side: reads a request and makes the reply. Its secret lives in this call only, so no two replies can be compared.
 * In cardinality mode the replies are sorted, by which the asker cannot tell which item each belongs to.
 * @throws PsiError with a name for what is wrong
 */
export function answer(group: Group, agreement: PsiAgreement, items: readonly Uint8Array[], request: Uint8Array, random: RandomBytes): Uint8Array {
  const asked = readRequest(group, agreement, request)
  const { elements } = hashedItems(group, agreement, items, agreement.heldMax)
  const secret = group.randomScalar(random)
  const raised = raiseAll(group, asked, secret)
  const held = raiseAll(group, elements, secret).sort(compareBytes)
  secret.fill(0)
  return writeReply(group, agreement, agreement.mode === 'cardinality' ? raised.sort(compareBytes) : raised, held)
}

/** The work of a run, nearly all of it; for a worker of the same party, with a part of the elements. */
export function raiseAll(group: Group, elements: readonly Element[], secret: Scalar): Element[] {
  return elements.map((element) => group.multiply(element, secret))
}

interface HashedItems {
  /** One for each distinct item. */
  readonly elements: readonly Element[]
  /** Where each distinct item stands in the list. */
  readonly placesOf: readonly (readonly number[])[]
}

function hashedItems(group: Group, agreement: PsiAgreement, items: readonly Uint8Array[], max: number): HashedItems {
  const hash = agreementHash(group, agreement)
  const placesByItem = new Map<string, number[]>()
  for (const [place, item] of items.entries()) {
    if (item.length === 0 || item.length > itemBytesMax) throw new PsiError('malformed', `an item has 1 to ${itemBytesMax} bytes`, place)
    const name = toHex(item)
    const places = placesByItem.get(name)
    if (places === undefined) placesByItem.set(name, [place])
    else places.push(place)
  }
  if (placesByItem.size > max) throw new PsiError('too_many_items', `there are ${placesByItem.size} distinct items and ${max} were agreed`)
  const placesOf = [...placesByItem.values()]
  // The hash has a fixed length, so it and an item are told apart without more.
  const elements = placesOf.map(([place = 0]) => group.hashToElement(concat(hash, items[place] ?? new Uint8Array()), itemDomain))
  return { elements, placesOf }
}
