/** Rows that came since a list was read, before the rows that were read. A row that was read and came again stands where it stood, as it is now. */
export function withHead<T>(head: readonly T[], read: readonly T[], rowId: (row: T) => string): readonly T[] {
  if (head.length === 0) return read
  const came = new Map(head.map((row) => [rowId(row), row]))
  const below = read.map((row) => {
    const id = rowId(row)
    const newer = came.get(id)
    came.delete(id)
    return newer ?? row
  })
  return [...came.values(), ...below]
}
