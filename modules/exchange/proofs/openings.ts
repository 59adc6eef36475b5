/** Openings come from the person's commitment key: nothing secret is kept here, and an erased person has none. */
import type { Id } from '@gatehouse/core/id'
import { type Opening, openingOf } from '@gatehouse/credentials/zero-knowledge/commitment'
import type { ConsentGroup } from '@gatehouse/credentials/zero-knowledge/statement'
import type { Group } from '@gatehouse/crypto/group/group'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { commitmentKey } from '../../subjects/index.ts'

/** For any of the person's consents; `undefined` once the person is erased. */
export async function openings(
  tx: Tx,
  node: Node,
  group: Group,
  subject: Id<'subject'>,
): Promise<((consent: Id<'consent'>, of: ConsentGroup) => Opening) | undefined> {
  const key = await commitmentKey(tx, node, subject)
  return key && ((consent, of) => openingOf(group, key, consent, of))
}
