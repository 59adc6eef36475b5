/** What of the relationships a check of one subject can need, read off the schema: for whoever keeps more of them than memory holds. */
import type { CompiledSchema, Rewrite } from './compile-schema.ts'

export interface Ways {
  /** Types between a subject and an object: they have relations, and stand in those of others. */
  readonly through: readonly string[]
  /** Relations of which an arrow asks about everything they hold (`relation.all(name)`), whether it leads to the subject or not. */
  readonly whole: readonly { readonly type: string; readonly relation: string }[]
}

const known = new WeakMap<CompiledSchema, Ways>()

/**
 * All else that a check looks at lies on a way from the subject up to the object: no rewrite is true of an object from which nothing
 * leads to the subject, for an exclusion needs its base, and `all` needs at least one.
 */
export function waysOf(schema: CompiledSchema): Ways {
  const found = known.get(schema)
  if (found !== undefined) return found
  const definitions = [...schema.definitions.values()]
  const members = definitions.flatMap(({ name, members }) => [...members.values()].map((member) => ({ type: name, member })))
  const named = new Set(members.flatMap(({ member }) => (member.kind === 'relation' ? member.allows.map(({ type }) => type) : [])))
  const ways: Ways = {
    through: definitions.filter(({ name, members }) => members.size > 0 && named.has(name)).map(({ name }) => name),
    whole: members.flatMap(({ type, member }) => (member.kind === 'permission' ? wholeIn(member.expression).map((relation) => ({ type, relation })) : [])),
  }
  known.set(schema, ways)
  return ways
}

function wholeIn(rewrite: Rewrite): string[] {
  switch (rewrite.op) {
    case 'nil':
    case 'computed':
      return []
    case 'arrow':
      return rewrite.all ? [rewrite.relation] : []
    case 'exclusion':
      return [...wholeIn(rewrite.base), ...wholeIn(rewrite.without)]
    default:
      return rewrite.of.flatMap(wholeIn)
  }
}
