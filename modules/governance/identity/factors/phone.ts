/** A telephone: its number lies sealed, and is opened to send to it and to show how it ends. */

import type { Node } from '@gatehouse/runtime/door/node'
import type { z } from 'zod'
import type { phoneSchema } from '../schema.ts'
import { factorKey } from './keys.ts'
import type { PhoneRow } from './store.ts'
import { openText, sealText } from './totp.ts'

export async function sealNumber(node: Node, { tenant_id, id }: Pick<PhoneRow, 'tenant_id' | 'id'>, number: string): Promise<Uint8Array> {
  return sealText(node.keys.primitives, await factorKey(node, tenant_id), id, number)
}

export async function openNumber(node: Node, { tenant_id, id, sealed }: PhoneRow): Promise<string> {
  return openText(node.keys.primitives, await factorKey(node, tenant_id), id, sealed)
}

export async function phoneShown(node: Node, phone: PhoneRow): Promise<z.output<typeof phoneSchema>> {
  return { id: phone.id, ending: (await openNumber(node, phone)).slice(-2), created_at: phone.created_at }
}
