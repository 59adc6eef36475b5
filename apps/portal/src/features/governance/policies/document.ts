/** A policy document as the forms see it. The node reads it for good; here it is only taken apart and put together. */
import { isObject } from '../../../ui/json/document.ts'

export interface Mask {
  readonly mask: string
  readonly [parameter: string]: unknown
}

export interface Condition {
  readonly leftOperand: string
  readonly operator: string
  readonly rightOperand: unknown
  readonly window?: string
  readonly per?: string
}

export interface Duty {
  readonly action: string
  readonly after?: string
  readonly party?: string
  readonly within?: string
}

export interface Permission {
  readonly uid: string
  readonly title?: string
  readonly action: string
  readonly target: string
  readonly purpose: readonly string[]
  readonly legal_basis: { readonly basis: string; readonly law?: string }
  readonly fields: Readonly<Record<string, Mask>>
  readonly constraint?: readonly object[]
  readonly duty?: readonly Duty[]
  readonly token_ttl_max_seconds?: number
}

export interface Prohibition {
  readonly uid: string
  readonly title?: string
  readonly action: string
  readonly target: string
  readonly purpose?: readonly string[]
  readonly fields?: readonly string[]
}

export interface PolicyDocument {
  readonly uid: string
  readonly title: string
  readonly assignee: string
  readonly permission: readonly Permission[]
  readonly prohibition: readonly Prohibition[]
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isAbsentOr = (of: (value: unknown) => boolean) => (value: unknown) => value === undefined || of(value)
const listOf = (of: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(of)
const isMask = (value: unknown) => isObject(value) && isText(value.mask)
const isDuty = (value: unknown) => isObject(value) && isText(value.action)

function isPermission(value: unknown): boolean {
  return (
    isObject(value) &&
    [value.uid, value.action, value.target].every(isText) &&
    isAbsentOr(isText)(value.title) &&
    listOf(isText)(value.purpose) &&
    isObject(value.legal_basis) &&
    isText(value.legal_basis.basis) &&
    isAbsentOr(isText)(value.legal_basis.law) &&
    isObject(value.fields) &&
    Object.values(value.fields).every(isMask) &&
    isAbsentOr(listOf(isObject))(value.constraint) &&
    isAbsentOr(listOf(isDuty))(value.duty)
  )
}

function isProhibition(value: unknown): boolean {
  return (
    isObject(value) &&
    [value.uid, value.action, value.target].every(isText) &&
    isAbsentOr(isText)(value.title) &&
    isAbsentOr(listOf(isText))(value.purpose) &&
    isAbsentOr(listOf(isText))(value.fields)
  )
}

/** The document, where it has the form that the forms can show; whatever else it holds stays in it. */
export function asPolicy(value: unknown): PolicyDocument | undefined {
  if (!isObject(value) || ![value.uid, value.title, value.assignee].every(isText)) return undefined
  const { permission = [], prohibition = [] } = value
  if (!listOf(isPermission)(permission) || !listOf(isProhibition)(prohibition)) return undefined
  return { ...value, permission, prohibition } as unknown as PolicyDocument
}

/** `uid`, or with the first number that makes it the only one among the rules. */
export function freeUid({ permission, prohibition }: PolicyDocument, uid: string): string {
  const taken = new Set([...permission, ...prohibition].map((rule) => rule.uid))
  if (!taken.has(uid)) return uid
  let number = 2
  while (taken.has(`${uid}-${number}`)) number += 1
  return `${uid}-${number}`
}

export function newPermission(document: PolicyDocument): Permission {
  const like = document.permission[0]
  return {
    uid: freeUid(document, 'rule'),
    action: like?.action ?? 'release',
    target: like?.target ?? '',
    purpose: [],
    legal_basis: { basis: 'dpv:Consent' },
    fields: {},
    duty: [{ action: 'log' }],
  }
}

export function newProhibition(document: PolicyDocument): Prohibition {
  return { uid: freeUid(document, 'never'), action: '*', target: '*' }
}
