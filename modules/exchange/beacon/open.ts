/** The beacon of an institution, for whoever comes; where there is none, or it is off, nothing tells that there might be. */
import type { Id } from '@gatehouse/core/id'
import { idSchema } from '@gatehouse/core/schema'
import type { Node } from '@gatehouse/runtime/door/node'
import { type Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from './problems.ts'
import type { BeaconSetting } from './schema.ts'
import { settingOf } from './store.ts'

export const beaconPath = '/institutions/:tenant/beacon'
export const ofInstitution = z.object({ tenant: idSchema('tenant') })
export const beaconAddress = ({ addresses: { origin } }: Node, tenant: Id<'tenant'>) => `${origin}/institutions/${tenant}/beacon`

export interface OpenBeacon {
  readonly setting: BeaconSetting
  readonly changedAt: string
}

export async function openBeacon(node: Node, tenant: Id<'tenant'>): Promise<OpenBeacon | Refusal> {
  const found = await node.database.transaction(tenant, settingOf)
  return found?.document.enabled === true ? { setting: found.document, changedAt: found.changed_at } : refuse(problems.not_on)
}
