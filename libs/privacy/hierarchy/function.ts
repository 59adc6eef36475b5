import { type Hierarchy, tableHierarchy } from './hierarchy.ts'

/**
 * A hierarchy by functions: level i+1 of a value is what the i-th function gives for it. The functions see the leaf, not the label
 * below, and the outcome is validated like any table.
 *
 * @throws HierarchyError `duplicate_leaf`, `not_monotone`, `empty`
 */
export function functionHierarchy(attribute: string, values: readonly string[], levels: readonly ((value: string) => string)[]): Hierarchy {
  return tableHierarchy(
    attribute,
    values.map((value) => [value, ...levels.map((label) => label(value))]),
  )
}
