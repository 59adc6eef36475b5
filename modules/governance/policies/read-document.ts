/** Reads a document as it is kept: everything explicit, so that what is signed for is what is carried out. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { type FieldProblem, Problem } from '@gatehouse/core/problem'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { Mask, Policy } from '@gatehouse/policy/document'
import { parsePolicy, pointerOf } from '@gatehouse/policy/parse'
import type { PurposeTree } from '@gatehouse/policy/purposes'
import { parseMask, validateMask } from '@gatehouse/privacy/mask/spec'
import { policiesProblems } from './problems.ts'
import { uidSchema } from './schema.ts'

/**
 * The policy with every default written out, those of the masks too: a later default then changes nothing that is in force.
 * @throws Problem `document_invalid` with the place of every fault
 */
export function readDocument(json: unknown, purposes: PurposeTree): Policy {
  const read = parsePolicy(json, { validateMask: (mask) => validateMask(mask), purposes })
  if (!read.ok) throw invalid(read.errors)
  const errors = [...uidFaults(read.policy), ...textFaults(read.policy)]
  if (errors.length > 0) throw invalid(errors)
  return { ...read.policy, permission: read.policy.permission.map((rule) => ({ ...rule, fields: withDefaults(rule.fields) })) }
}

export function invalid(errors: readonly FieldProblem[]): Problem {
  return new Problem(policiesProblems.document_invalid, undefined, { errors })
}

/** @returns SHA-256 of the document's canonical JSON, the digest that ledger and grants name */
export function documentDigest(primitives: Primitives, document: unknown): Uint8Array {
  return primitives.sha256(utf8(canonicalJson(document)))
}

export function documentDigestHex(primitives: Primitives, document: unknown): string {
  return toHex(documentDigest(primitives, document))
}

function withDefaults(fields: Readonly<Record<string, Mask>>): Record<string, Mask> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, mask]) => {
      const read = parseMask(mask)
      return [name, read.ok ? read.spec : mask]
    }),
  )
}

function uidFaults({ uid }: Policy): FieldProblem[] {
  const read = uidSchema.safeParse(uid)
  return read.success ? [] : read.error.issues.map((issue) => ({ pointer: '/uid', detail: issue.message }))
}

/** A zero byte cannot be kept, and a lone surrogate has no bytes to be hashed. */
const unwritable = /\0|\p{Surrogate}/u

function textFaults(value: unknown, path: readonly PropertyKey[] = []): FieldProblem[] {
  if (typeof value === 'string') {
    return unwritable.test(value) ? [{ pointer: pointerOf(path), detail: 'the text holds a zero byte or half a character; write it again' }] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => textFaults(member, [...path, name]))
}
