/**
 * What this process remembers of an institution's relationships: proofs by who, what and where, valid for one revision. Every
 * `stalenessMaxMs` at most the revision is read again, on demand; when it has grown, everything remembered is dropped. No message
 * has to arrive for a change to take effect: a process that hears nothing reads, and one that cannot read grants nothing.
 */
import type { Id } from '@gatehouse/core/id'
import { check } from '@gatehouse/policy/relations/check'
import type { CompiledSchema } from '@gatehouse/policy/relations/compile-schema'
import { anyOf, type Proof } from '@gatehouse/policy/relations/proof'
import { type ObjectRef, objectText, type SubjectRef, subjectText } from '@gatehouse/policy/relations/relationship'
import { layered, MemoryTuples, type Tuples } from '@gatehouse/policy/relations/tuples'
import { waysOf } from '@gatehouse/policy/relations/ways'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { type Revision, stalenessMaxMs } from './authorizer.ts'
import { areaOf, baseTuples, schemaWith } from './model.ts'
import { placeOf, roleHeldIn, scopedEdges } from './scopes.ts'
import { conditionsOf, readRevision, rightsOfRoles, tuplesBetween } from './store.ts'
import { tuplesFrom } from './tuple-row.ts'

/** Proofs kept per institution; beyond that they are found anew. */
const proofsMax = 100_000
const tenantsMax = 1_000

interface Known {
  readonly revision: number
  readonly schema: CompiledSchema
  readonly readAtMs: number
  readonly proofs: Map<string, Proof>
}

export interface Proven {
  readonly proof: Proof
  readonly schema: CompiledSchema
}

/** How an institution's model comes to be; the suite of drivers brings a schema and no built-in relationships. */
export interface ModelSource {
  schema(tx: Tx, tenant: Id<'tenant'>): Promise<CompiledSchema>
  readonly base: Tuples
}

export const productModel: ModelSource = {
  schema: async (tx, tenant) => schemaWith(await conditionsOf(tx, tenant)),
  base: baseTuples,
}

export class Standing {
  readonly #node: Pick<Node, 'database' | 'source'>
  readonly #model: ModelSource
  readonly #known = new Map<Id<'tenant'>, Known>()
  readonly #reading = new Map<Id<'tenant'>, Promise<Known>>()

  constructor(node: Pick<Node, 'database' | 'source'>, model: ModelSource = productModel) {
    this.#node = node
    this.#model = model
  }

  /** For the process that made a change itself: it need not wait to be told. */
  forget(tenant: Id<'tenant'>): void {
    this.#known.delete(tenant)
    this.#reading.delete(tenant)
  }

  /** A proof that is remembered and fresh enough, without leaving the process. */
  remembered(tenant: Id<'tenant'>, objects: readonly ObjectRef[], permission: string, subject: SubjectRef, atLeast = 0): Proven | undefined {
    const known = this.#known.get(tenant)
    if (known === undefined || !this.#fresh(known) || known.revision < atLeast) return undefined
    const proof = known.proofs.get(keyFor(objects, permission, subject))
    return proof && { proof, schema: known.schema }
  }

  /** That the subject has the permission on one of the objects. */
  async prove(tenant: Id<'tenant'>, objects: readonly ObjectRef[], permission: string, subject: SubjectRef, atLeast?: Revision): Promise<Proven> {
    const known = await this.#current(tenant, atLeast)
    const key = keyFor(objects, permission, subject)
    const found = known.proofs.get(key)
    if (found !== undefined) return { proof: found, schema: known.schema }
    const proof = await this.#node.database.transaction(tenant, (tx) => this.#find(tx, tenant, known.schema, objects, permission, subject))
    if (known.proofs.size >= proofsMax) known.proofs.clear()
    known.proofs.set(key, proof)
    return { proof, schema: known.schema }
  }

  /** The same inside an act that has changed relationships itself, or is about to. Nothing is remembered. */
  async proveIn(tx: Tx, tenant: Id<'tenant'>, objects: readonly ObjectRef[], permission: string, subject: SubjectRef): Promise<Proven> {
    const schema = await this.#model.schema(tx, tenant)
    return { schema, proof: await this.#find(tx, tenant, schema, objects, permission, subject) }
  }

  /** The relationships around objects, for whoever has several questions about one subject. */
  async around(
    tx: Tx,
    tenant: Id<'tenant'>,
    objects: readonly ObjectRef[],
    subject: SubjectRef,
  ): Promise<{ readonly schema: CompiledSchema; readonly tuples: Tuples }> {
    const schema = await this.#model.schema(tx, tenant)
    return { schema, tuples: await this.#around(tx, tenant, schema, objects, subject) }
  }

  async #find(tx: Tx, tenant: Id<'tenant'>, schema: CompiledSchema, objects: readonly ObjectRef[], permission: string, subject: SubjectRef): Promise<Proof> {
    const tuples = await this.#around(tx, tenant, schema, objects, subject)
    return anyOf(objects.map((object) => check(schema, tuples, object, permission, subject)))
  }

  async #around(tx: Tx, tenant: Id<'tenant'>, schema: CompiledSchema, objects: readonly ObjectRef[], subject: SubjectRef): Promise<Tuples> {
    const { base } = this.#model
    const rows = await tuplesBetween(tx, tenant, objects, subject, waysOf(schema))
    const own = tuplesFrom(schema, rows)
    const places = objects.flatMap((object) => placeOf(object) ?? [])
    if (places.length === 0) return layered(base, own)
    // What a role gives in the whole institution it gives in a product or project to those who hold it there.
    const held = places.flatMap(({ scope }) => rows.flatMap((row) => (row.object_type === 'role' ? (roleHeldIn(scope, row.object_id) ?? []) : [])))
    const areas = places.map(({ area }) => areaOf(area).id)
    const given = held.length === 0 ? [] : await rightsOfRoles(tx, tenant, areas, held)
    return layered(base, own, new MemoryTuples(schema, scopedEdges(objects, [base, tuplesFrom(schema, given)])))
  }

  async #current(tenant: Id<'tenant'>, atLeast?: Revision): Promise<Known> {
    const known = this.#known.get(tenant)
    if (known !== undefined && this.#fresh(known) && (atLeast === undefined || known.revision >= Number(atLeast))) return known
    const reading = this.#reading.get(tenant)
    // One that was begun before somebody asked for "at least" may be too old for them.
    if (reading !== undefined && atLeast === undefined) return reading
    const read = this.#read(tenant)
    this.#reading.set(tenant, read)
    try {
      return await read
    } finally {
      if (this.#reading.get(tenant) === read) this.#reading.delete(tenant)
    }
  }

  async #read(tenant: Id<'tenant'>): Promise<Known> {
    // From before the question, so that the time of the answer's way counts as age.
    const readAtMs = this.#node.source.nowMs()
    const before = this.#known.get(tenant)
    const next = await this.#node.database.transaction(tenant, async (tx): Promise<Known> => {
      const revision = await readRevision(tx, tenant)
      if (before !== undefined && before.revision === revision) return { ...before, readAtMs }
      return { revision, readAtMs, schema: await this.#model.schema(tx, tenant), proofs: new Map() }
    })
    const meanwhile = this.#known.get(tenant)
    if (meanwhile !== undefined && meanwhile.revision > next.revision) return meanwhile
    this.#known.delete(tenant)
    if (this.#known.size >= tenantsMax) {
      const oldest = this.#known.keys().next()
      if (!oldest.done) this.#known.delete(oldest.value)
    }
    this.#known.set(tenant, next)
    return next
  }

  /** A clock that was set back must not make what is remembered last longer. */
  #fresh({ readAtMs }: Known): boolean {
    const age = this.#node.source.nowMs() - readAtMs
    return age >= 0 && age < stalenessMaxMs
  }
}

function keyFor(objects: readonly ObjectRef[], permission: string, subject: SubjectRef): string {
  const [only] = objects
  const on = objects.length === 1 && only !== undefined ? objectText(only) : objects.map(objectText).join()
  return `${on}#${permission}@${subjectText(subject)}`
}

/** One per process. */
export const standingOf = (node: Node): Standing => node.of(newStanding)
const newStanding = (node: Node): Standing => new Standing(node)
