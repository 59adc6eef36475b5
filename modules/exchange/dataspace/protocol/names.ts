/** What things of this node are called on the wire. */
import { type Id, parseId } from '@gatehouse/core/id'
import type { ProcessId } from '../schema.ts'

const urn = { pid: 'urn:uuid:', dataset: 'urn:gatehouse:table:', offer: 'urn:gatehouse:offer:', institution: 'urn:gatehouse:institution:' } as const

export const ownParticipant = (tenant: Id<'tenant'>): string => urn.institution + tenant
export const catalogueOf = (tenant: Id<'tenant'>): string => `urn:gatehouse:catalogue:${tenant}`
export const serviceOf = (tenant: Id<'tenant'>): string => `urn:gatehouse:dataspace:${tenant}`

export const pidOf = (id: ProcessId): string => urn.pid + id
/** The id behind a pid of ours; `undefined` for text that is none. */
export const processOf = (pid: string): ProcessId | undefined => parseId<'negotiation'>(pid.startsWith(urn.pid) ? pid.slice(urn.pid.length) : pid)

export const datasetOf = (reference: string): string => urn.dataset + reference
export const tableOf = (dataset: string): string | undefined => (dataset.startsWith(urn.dataset) ? dataset.slice(urn.dataset.length) : undefined)

export const offerOf = (policy: string, version: number, reference: string): string => `${urn.offer}${policy}:${version}:${reference}`
export const agreementName = (id: Id<'agreement'>): string => urn.pid + id
