/**
 * The two messages, as bytes:
 *
 *     request = "psi1" ‖ 1 ‖ agreement hash (32) ‖ n (u32) ‖ n elements of 32 bytes
 *     reply   = "psi1" ‖ 2 ‖ agreement hash (32) ‖ n (u32) ‖ n elements ‖ m (u32) ‖ m elements
 *
 * Lists whose order says nothing must be sorted and hold no element twice; readers insist on it, and on elements of the group.
 */
import { concat, readU32, u32, utf8 } from '@gatehouse/crypto/bytes'
import { type Element, elementLength, type Group, GroupError, sameBytes } from '@gatehouse/crypto/group/group'
import { agreementHash, agreementHashLength, type PsiAgreement } from './agreement.ts'
import { PsiError } from './error.ts'

const magic = utf8('psi1')
const requestKind = 1
const replyKind = 2
const headLength = magic.length + 1 + agreementHashLength

export function writeRequest(group: Group, agreement: PsiAgreement, asked: readonly Element[]): Uint8Array {
  return concat(head(group, agreement, requestKind), list(asked))
}

export function writeReply(group: Group, agreement: PsiAgreement, raised: readonly Element[], held: readonly Element[]): Uint8Array {
  return concat(head(group, agreement, replyKind), list(raised), list(held))
}

/** @throws PsiError with a name for what is wrong */
export function readRequest(group: Group, agreement: PsiAgreement, message: Uint8Array): Element[] {
  const at = readHead(group, agreement, message, requestKind)
  const asked = readList(group, message, at, agreement.askedMax, 'sorted')
  checkEnd(message, asked.end)
  return asked.elements
}

export interface Reply {
  readonly raised: readonly Element[]
  readonly held: readonly Element[]
}

/** @param askedCount how many elements the request had. @throws PsiError with a name for what is wrong */
export function readReply(group: Group, agreement: PsiAgreement, message: Uint8Array, askedCount: number): Reply {
  const at = readHead(group, agreement, message, replyKind)
  const raised = readList(group, message, at, agreement.askedMax, agreement.mode === 'cardinality' ? 'sorted' : 'distinct')
  if (raised.elements.length !== askedCount)
    throw new PsiError('wrong_count', `the reply answers ${raised.elements.length} elements and ${askedCount} were asked`)
  const held = readList(group, message, raised.end, agreement.heldMax, 'sorted')
  checkEnd(message, held.end)
  return { raised: raised.elements, held: held.elements }
}

/** Below zero, zero or above, as the bytes stand to one another. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < left.length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function head(group: Group, agreement: PsiAgreement, kind: number): Uint8Array {
  return concat(magic, Uint8Array.of(kind), agreementHash(group, agreement))
}

function list(elements: readonly Element[]): Uint8Array {
  const bytes = new Uint8Array(4 + elements.length * elementLength)
  bytes.set(u32(elements.length))
  for (const [index, element] of elements.entries()) bytes.set(element, 4 + index * elementLength)
  return bytes
}

function readHead(group: Group, agreement: PsiAgreement, message: Uint8Array, kind: number): number {
  if (message.length < headLength || !sameBytes(message.subarray(0, magic.length), magic)) {
    throw new PsiError('malformed', 'this is no message of set intersection, or it was cut; have it sent again')
  }
  if (message[magic.length] !== kind) throw new PsiError('wrong_kind', kind === requestKind ? 'a request is needed here' : 'a reply is needed here')
  if (!sameBytes(message.subarray(magic.length + 1, headLength), agreementHash(group, agreement))) {
    throw new PsiError('other_agreement', 'the message belongs to another agreement: mode, session and limits must be the same on both sides')
  }
  return headLength
}

/** The count is judged before anything is read, so that a long message costs nothing. */
function readList(group: Group, message: Uint8Array, at: number, max: number, order: 'sorted' | 'distinct'): { elements: Element[]; end: number } {
  if (message.length < at + 4) throw new PsiError('malformed', 'the message ends before its list; have it sent again')
  const count = readU32(message, at)
  if (count > max) throw new PsiError('too_many_items', `the message holds ${count} elements and ${max} were agreed`)
  const end = at + 4 + count * elementLength
  if (message.length < end) throw new PsiError('malformed', `the message ends before its ${count} elements; have it sent again`)
  const elements: Element[] = []
  for (let index = 0; index < count; index++) {
    const from = at + 4 + index * elementLength
    elements.push(readElement(group, message.subarray(from, from + elementLength), index))
  }
  const rising = order === 'sorted' ? elements : elements.toSorted(compareBytes)
  for (let index = 1; index < count; index++) {
    if (compareBytes(rising[index - 1] ?? magic, rising[index] ?? magic) < 0) continue
    throw order === 'sorted'
      ? new PsiError('not_sorted', 'the list does not rise, or holds an element twice; the order of a list must say nothing', index)
      : new PsiError('not_sorted', 'the list holds an element twice, which no honest reply does')
  }
  return { elements, end }
}

function readElement(group: Group, bytes: Uint8Array, index: number): Element {
  try {
    return group.element(bytes)
  } catch (error) {
    if (error instanceof GroupError) throw new PsiError('bad_element', error.message, index)
    throw error
  }
}

function checkEnd(message: Uint8Array, end: number): void {
  if (message.length !== end) throw new PsiError('malformed', 'there are bytes behind the message’s end; have it sent again')
}
