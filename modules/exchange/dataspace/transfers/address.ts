/** Where the data of a transfer that we asked for is fetched, with what. The token in it lies with the secrets of other systems, sealed. */
import type { Id } from '@gatehouse/core/id'
import { utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Node } from '@gatehouse/runtime/door/node'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { participantOf } from '../participants/store.ts'
import { problems } from '../problems.ts'
import type { ProcessRow } from '../processes/store.ts'
import { sendableTo } from '../protocol/addresses.ts'
import type { Wire } from '../protocol/messages.ts'
import type { ProcessId } from '../schema.ts'

const leaseSeconds = 60
const nameOf = (transfer: ProcessId) => `dataspace/transfers/${transfer}`
const kept = z.strictObject({ endpoint: z.string(), authorization: z.string().nullable() })
export type KeptAddress = z.output<typeof kept>

/** @returns the refusal of an address that does not lie at the participant's registered host */
export async function keepAddress(ctx: TransactionContext, process: ProcessRow, address: Wire | undefined): Promise<Refusal | undefined> {
  if (address === undefined || typeof address.endpoint !== 'string') return undefined
  const participant = await participantOf(ctx.tx, process.partner_id)
  const checked = sendableTo(ctx.node.egress, address.endpoint, participant?.address ?? '')
  if ('fault' in checked) return refuse(problems.address_refused, checked.fault, { object: { kind: process.kind, id: process.id } })
  const properties = (Array.isArray(address.endpointProperties) ? address.endpointProperties : []) as { name: string; value: string }[]
  const named = (...names: string[]) => properties.find(({ name }) => names.includes(name))?.value
  const token = named('authorization', 'https://w3id.org/edc/v0.0.1/ns/authorization')
  const bearer = /^bearer$/i.test(named('authType', 'https://w3id.org/edc/v0.0.1/ns/authType') ?? 'bearer')
  const authorization = token === undefined ? null : bearer && !/ /.test(token) ? `Bearer ${token}` : token
  const value: KeptAddress = { endpoint: address.endpoint, authorization }
  await ctx.node.secrets.put(ctx.tenant, nameOf(process.id), utf8(JSON.stringify(value)), leaseSeconds)
  return undefined
}

export async function keptAddress(node: Node, tenant: Id<'tenant'>, transfer: ProcessId): Promise<KeptAddress | undefined> {
  const leased = await node.secrets.read(tenant, nameOf(transfer))
  return leased === undefined ? undefined : kept.parse(JSON.parse(utf8Text(leased.value) ?? ''))
}
