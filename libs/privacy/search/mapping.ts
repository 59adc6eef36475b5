/** A treatment as a document: what each value becomes. It can be kept, reviewed, and used again on new rows. */
import { type Hierarchy, labelAt } from '../hierarchy/hierarchy.ts'
import type { Levels } from './lattice.ts'
import type { Role } from './options.ts'

export interface Mapping {
  readonly version: 1
  /** Names of the models that held; they are checked again on new rows. */
  readonly models: readonly string[]
  readonly suppressionLimit: number
  readonly roles: Readonly<Record<string, Role>>
  /** The quasi-identifiers, in the order of the node. */
  readonly attributes: readonly AttributeMapping[]
}

export interface AttributeMapping {
  readonly attribute: string
  readonly level: number
  /** What each value becomes; '' is a missing value. */
  readonly values: Readonly<Record<string, string>>
}

export function mappingOf(hierarchies: readonly Hierarchy[], levels: Levels, rest: Omit<Mapping, 'version' | 'attributes'>): Mapping {
  const attributes = hierarchies.map((hierarchy, a) => {
    const level = levels[a] ?? 0
    return {
      attribute: hierarchy.attribute,
      level,
      values: Object.fromEntries(hierarchy.values.map((value, leaf) => [value, labelAt(hierarchy, leaf, level)])),
    }
  })
  return { version: 1, ...rest, attributes }
}
