/** Hierarchies as files have them: one line for each leaf, "leaf;level 1;...;top", no header. */
import { csvParser } from '@gatehouse/tabular/csv'
import { type Chunk, isFault, parseAll } from '@gatehouse/tabular/push-parser'
import { HierarchyError } from './error.ts'
import { type Hierarchy, tableHierarchy } from './hierarchy.ts'

/**
 * Reads a hierarchy file: semicolons or commas (without `delimiter` the first line decides), LF, CRLF or CR, with or without byte
 * order mark and last newline, quoted or not.
 *
 * @throws HierarchyError `unreadable` with the line, and all that `tableHierarchy` refuses
 */
export function csvHierarchy(attribute: string, content: Chunk | Iterable<Chunk>, options: { readonly delimiter?: ';' | ',' } = {}): Hierarchy {
  const chunks = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
  const rows: string[][] = []
  for (const item of parseAll(csvParser(options), chunks)) {
    if (!isFault(item)) {
      rows.push(item.values)
      continue
    }
    const uneven = item.fault === 'wrong_column_count' || item.fault === 'too_many_columns'
    throw new HierarchyError(uneven ? 'uneven_depth' : 'unreadable', attribute, `line ${item.line}: ${item.message}`, { line: item.line })
  }
  return tableHierarchy(attribute, rows)
}
