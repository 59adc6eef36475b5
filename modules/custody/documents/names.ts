/**
 * Names of objects: `documents / tenant / first digits / person / source / day / object`. Each part but the day is a keyed digest, so a
 * bucket's listing tells nothing, and yet everything about a person, or of an institution, lies under one prefix.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { lengthPrefixed, toHex } from '@gatehouse/crypto/bytes'
import type { Node } from '@gatehouse/runtime/door/node'

export const everyDocument = 'documents/'

async function digester(node: Node, tenant: Id<'tenant'>): Promise<(what: string, value: string, digits: number) => string> {
  const key = await node.keys.secret(tenant, 'documents/names')
  return (what, value, digits) => toHex(node.keys.primitives.hmacSha256(key, lengthPrefixed(['gatehouse/documents/name/v1', what, value]))).slice(0, digits)
}

export async function tenantPrefix(node: Node, tenant: Id<'tenant'>): Promise<string> {
  const digest = await digester(node, tenant)
  return `${everyDocument}${digest('tenant', tenant, 24)}/`
}

/** @param subject null for documents about nobody */
export async function subjectPrefix(node: Node, tenant: Id<'tenant'>, subject: Id<'subject'> | null): Promise<string> {
  const digest = await digester(node, tenant)
  const person = digest('subject', subject ?? '', 32)
  return `${await tenantPrefix(node, tenant)}${person.slice(0, 2)}/${person}/`
}

export interface NewObject {
  readonly subject: Id<'subject'> | null
  readonly source: string
  readonly at: Instant
  /** Random, for two files of one day. */
  readonly salt: Uint8Array
}

export async function objectName(node: Node, tenant: Id<'tenant'>, { subject, source, at, salt }: NewObject): Promise<string> {
  const digest = await digester(node, tenant)
  return `${await subjectPrefix(node, tenant, subject)}${digest('source', source, 12)}/${at.slice(0, 10)}/${digest('object', toHex(salt), 32)}`
}
