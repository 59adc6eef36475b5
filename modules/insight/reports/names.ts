/** The names that people know things by, beside the ids that the counters keep. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { currentPartner } from '../../governance/partners/index.ts'
import { purposeTree } from '../../governance/policies/index.ts'
import { nobodysPartner } from './fold.ts'
import type { PartnerName } from './schema.ts'

export interface Names {
  partner(id: string): PartnerName
  /** The label of a purpose, or the term itself where nobody defines it any more. */
  purpose(term: string): string
}

export async function namesFor(tx: Tx, node: Node, partnerIds: Iterable<string>): Promise<Names> {
  const ids = [...new Set(partnerIds)].filter((id) => id !== nobodysPartner && id !== '')
  const [purposes, partners] = await Promise.all([purposeTree(node, tx), Promise.all(ids.map((id) => currentPartner(node, tx, id)))])
  const known = new Map(partners.flatMap((partner) => (partner === undefined ? [] : [[partner.id as string, partner] as const])))
  return {
    partner: (id) => {
      const { reference = '', name = id === nobodysPartner ? '' : id } = known.get(id) ?? {}
      return { id: id as Id<'partner'>, reference, name }
    },
    purpose: (term) => purposes.get(term)?.label ?? term,
  }
}
