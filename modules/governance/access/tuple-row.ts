/** Relationships as rows and back. */
import { instantOf } from '@gatehouse/core/instant'
import type { CompiledSchema } from '@gatehouse/policy/relations/compile-schema'
import { type Edge, edgeOf, type Relationship, relationshipText } from '@gatehouse/policy/relations/relationship'
import { MemoryTuples } from '@gatehouse/policy/relations/tuples'
import type { TupleRow } from './store.ts'

export function relationshipOf(row: TupleRow): Relationship {
  return {
    object: { type: row.object_type, id: row.object_id },
    relation: row.relation,
    subject: { type: row.subject_type, id: row.subject_id, ...(row.subject_relation === '' ? {} : { relation: row.subject_relation }) },
    ...(row.caveat === null ? {} : { caveat: { name: row.caveat, context: row.context ?? {} } }),
    ...(row.expires_at === null ? {} : { expiresAtMs: Date.parse(row.expires_at) }),
  }
}

export function keyOf({ object, relation, subject }: Pick<Relationship, 'object' | 'relation' | 'subject'>) {
  return {
    object_type: object.type,
    object_id: object.id,
    relation,
    subject_type: subject.type,
    subject_id: subject.id,
    subject_relation: subject.relation ?? '',
  }
}

/** @throws TypeError for a relationship that the schema does not take: whoever writes has to ask first */
export function rowOf(schema: CompiledSchema, relationship: Relationship): TupleRow & { readonly leads_on: boolean } {
  const edge = edgeOf(schema, relationship)
  if (typeof edge === 'string') throw new TypeError(`${relationshipText(relationship)}: ${edge}`)
  const { subject, caveat, expiresAtMs } = relationship
  return {
    ...keyOf(relationship),
    caveat: caveat?.name ?? null,
    context: caveat?.context ?? null,
    expires_at: expiresAtMs === undefined ? null : instantOf(expiresAtMs),
    leads_on: subject.relation !== undefined || (schema.definitions.get(subject.type)?.members.size ?? 0) > 0,
  }
}

/** A row that no longer fits the schema (a condition that is gone, say) grants nothing, and so it is left out. */
export function tuplesFrom(schema: CompiledSchema, rows: readonly TupleRow[]): MemoryTuples {
  const edges = rows.map((row) => edgeOf(schema, relationshipOf(row))).filter((edge): edge is Edge => typeof edge !== 'string')
  return new MemoryTuples(schema, edges)
}
