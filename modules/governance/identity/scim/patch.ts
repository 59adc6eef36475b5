/** PATCH of SCIM (RFC 7644 section 3.5.2) as a function of a resource: it gives the resource as it would be, and changes nothing. */
import { FilterError, matches, member, type Path, parsePath } from './filter.ts'

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path?: string | undefined
  readonly value?: unknown
}

export class PatchError extends Error {
  override readonly name = 'PatchError'
  /** RFC 7644 section 3.12. */
  readonly scimType: 'invalidPath' | 'noTarget' | 'invalidValue' | 'mutability'

  constructor(scimType: PatchError['scimType'], message: string) {
    super(message)
    this.scimType = scimType
  }
}

type Resource = Record<string, unknown>

/** A path that names one is refused; where a whole resource is sent they are passed over. */
const readOnly = new Set(['id', 'meta', 'schemas'])

/** @throws PatchError */
export function patched(resource: Resource, operations: readonly PatchOperation[]): Resource {
  const copy = structuredClone(resource)
  for (const operation of operations) apply(copy, operation)
  return copy
}

function apply(target: Resource, { op, path: text, value }: PatchOperation): void {
  if (text === undefined) {
    if (op === 'remove') throw new PatchError('noTarget', 'what is removed has to be named by a path')
    if (!isObject(value)) throw new PatchError('invalidValue', 'without a path the value is an object')
    for (const [name, one] of Object.entries(value)) if (!readOnly.has(name.toLowerCase())) change(target, pathOf(name), op, one)
    return
  }
  const path = pathOf(text)
  if (readOnly.has(path.attribute.toLowerCase())) throw new PatchError('mutability', `${path.attribute} is read only`)
  change(target, path, op, value)
}

function pathOf(text: string): Path {
  try {
    return parsePath(text)
  } catch (error) {
    if (error instanceof FilterError) throw new PatchError('invalidPath', error.message)
    throw error
  }
}

function change(target: Resource, path: Path, op: PatchOperation['op'], value: unknown): void {
  const key = keyOf(target, path.attribute)
  const now = target[key]
  if (path.filter !== undefined) changeSome(target, key, path, op, value)
  else if (path.part !== undefined) {
    const inner = isObject(now) ? now : {}
    change(inner, { attribute: path.part }, op, value)
    target[key] = inner
  } else if (op === 'remove') {
    // Some clients name the members to remove in the value (Entra).
    if (Array.isArray(now) && Array.isArray(value)) target[key] = now.filter((one) => !value.some((gone) => same(one, gone)))
    else delete target[key]
  } else if (op === 'add' && Array.isArray(now)) {
    const added = Array.isArray(value) ? value : [value]
    target[key] = [...now, ...added.filter((one) => !now.some((known) => same(known, one)))]
  } else if (op === 'add' && isObject(now) && isObject(value)) target[key] = { ...now, ...value }
  else target[key] = value
}

function changeSome(target: Resource, key: string, { filter, part }: Path, op: PatchOperation['op'], value: unknown): void {
  const now = Array.isArray(target[key]) ? (target[key] as unknown[]) : []
  const hit = (one: unknown) => filter !== undefined && matches(one, filter)
  if (!now.some(hit)) {
    if (op === 'remove') return
    throw new PatchError('noTarget', 'no value fits the filter of the path')
  }
  if (op === 'remove' && part === undefined) target[key] = now.filter((one) => !hit(one))
  else {
    target[key] = now.map((one) => {
      if (!hit(one) || !isObject(one)) return one
      const next = { ...one }
      if (part !== undefined) change(next, { attribute: part }, op, value)
      else if (isObject(value)) Object.assign(next, value)
      else throw new PatchError('invalidValue', 'a value of the list is an object')
      return next
    })
  }
}

/** The name as the resource spells it; names are compared without case. Nothing that a prototype has is reached. */
function keyOf(target: Resource, name: string): string {
  const key = Object.keys(target).find((candidate) => candidate.toLowerCase() === name.toLowerCase()) ?? name
  if (['__proto__', 'constructor', 'prototype'].includes(key)) throw new PatchError('invalidPath', 'there is no such attribute')
  return key
}

const isObject = (value: unknown): value is Resource => typeof value === 'object' && value !== null && !Array.isArray(value)

function same(one: unknown, other: unknown): boolean {
  const [left, right] = [member(one, 'value') ?? one, member(other, 'value') ?? other]
  return typeof left === 'object' ? JSON.stringify(left) === JSON.stringify(right) : left === right
}
