/** A schema of relations as it was written, in SpiceDB's words: what the reader gives and the compiler takes. */
import type { CaveatType } from './caveat-type.ts'

/** Who may stand in a relation: `user`, `user:*`, `team#member`, each `with` a caveat, an end, or both. */
export interface SubjectType {
  readonly type: string
  readonly relation?: string
  readonly wildcard?: true
  readonly caveat?: string
  readonly expiration?: true
}

export interface RelationSource {
  readonly name: string
  readonly line: number
  readonly allows: readonly SubjectType[]
}

export type Expression =
  | { readonly op: 'nil' }
  | { readonly op: 'name'; readonly name: string }
  /** `relation->name`, `relation.any(name)` and `relation.all(name)`. */
  | { readonly op: 'arrow'; readonly from: Expression; readonly name: string; readonly all: boolean }
  | { readonly op: 'union' | 'intersection' | 'exclusion'; readonly left: Expression; readonly right: Expression }

export interface PermissionSource {
  readonly name: string
  readonly line: number
  readonly expression: Expression
  /** The types of subject that the author says it has, `permission view: user = …`. */
  readonly types: readonly string[]
}

export interface DefinitionSource {
  readonly name: string
  readonly line: number
  readonly relations: readonly RelationSource[]
  readonly permissions: readonly PermissionSource[]
}

export interface CaveatSource {
  readonly name: string
  readonly line: number
  readonly parameters: readonly { readonly name: string; readonly type: CaveatType }[]
  /** CEL. */
  readonly text: string
}

export interface SchemaSource {
  readonly uses: readonly string[]
  readonly definitions: readonly DefinitionSource[]
  readonly caveats: readonly CaveatSource[]
}

/** A schema that cannot be used, with the line where that shows. */
export class SchemaError extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.line = line
  }
}
