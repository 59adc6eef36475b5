/** The guard across results: what left before, subtracted from what would leave now, must not be about a few people. */
import type { Id } from '@gatehouse/core/id'
import { open, seal } from '@gatehouse/crypto/aead'
import { lengthPrefixed, utf8 } from '@gatehouse/crypto/bytes'
import { deriveKey } from '@gatehouse/crypto/kdf'
import { type DifferencingOutcome, guardDifferencing } from '@gatehouse/privacy/aggregate/differencing'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { limits } from '../schema.ts'
import { type PeopleDigests, peopleFrom } from './people.ts'
import { findCohort, releasedCohorts } from './store.ts'

const domain = 'gatehouse/query/cohort/v1'
/** Of a result, or of a question that was answered with a figure. */
type CohortId = Id<'query_result'> | Id<'query_run'>
const cohortBlob = (tenant: Id<'tenant'>, result: CohortId) => `cohorts/${tenant}/${result}`

/** By which people become digests: another in each project, so that nobody compares the people of two projects. */
export async function cohortKey(node: Node, tenant: Id<'tenant'>, project: Id<'project'>): Promise<Uint8Array> {
  const { primitives } = node.keys
  const people = deriveKey(primitives, await node.keys.secret(tenant, 'query/cohorts'), 'gatehouse/query/cohort-people/v1')
  return primitives.hmacSha256(people, utf8(project))
}

const contextOf = (tenant: Id<'tenant'>, result: CohortId) => lengthPrefixed([domain, tenant, result])

async function sealingKey(node: Node, tenant: Id<'tenant'>): Promise<Uint8Array> {
  return deriveKey(node.keys.primitives, await node.keys.secret(tenant, 'query/cohorts'), domain)
}

/** @returns the object's name */
export async function keepPeople(node: Node, tenant: Id<'tenant'>, result: CohortId, people: PeopleDigests): Promise<string> {
  const name = cohortBlob(tenant, result)
  const sealed = seal(node.keys.primitives, await sealingKey(node, tenant), people.bytes(), contextOf(tenant, result))
  await node.blobs.put(name, once(sealed))
  return name
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}

export async function peopleOf(node: Node, tenant: Id<'tenant'>, result: CohortId, blob: string): Promise<PeopleDigests> {
  const body = await node.blobs.get(blob)
  const pieces: Uint8Array[] = []
  if (body !== undefined) for await (const piece of body) pieces.push(piece)
  const opened = open(node.keys.primitives, await sealingKey(node, tenant), Buffer.concat(pieces), contextOf(tenant, result))
  // What cannot be compared is not given out.
  if (opened === undefined) throw new Error(`the people of the result ${result} cannot be read, so nothing can be compared with them`)
  return peopleFrom(opened)
}

export interface Guarded {
  readonly project: Id<'project'>
  readonly result: Id<'query_result'>
  readonly floor: number
}

export async function guardPeople(
  node: Node,
  tx: Tx,
  tenant: Id<'tenant'>,
  { project, result, floor, people }: Guarded & { readonly people: PeopleDigests },
): Promise<DifferencingOutcome> {
  const earlier = (await releasedCohorts(tx, project, limits.cohortsComparedMax)).filter(({ result_id }) => result_id !== result)
  const before = await Promise.all(earlier.map(async ({ result_id, blob }) => ({ id: result_id, people: await peopleOf(node, tenant, result_id, blob) })))
  return guardDifferencing({ id: result, people }, before, floor)
}

/** The same of a result that is made already. */
export async function guardResult(node: Node, tx: Tx, tenant: Id<'tenant'>, guarded: Guarded): Promise<DifferencingOutcome> {
  const own = await findCohort(tx, guarded.result)
  return own === undefined
    ? { outcome: 'release' }
    : guardPeople(node, tx, tenant, { ...guarded, people: await peopleOf(node, tenant, guarded.result, own.blob) })
}
