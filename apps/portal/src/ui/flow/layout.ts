/** Where the boxes of a flow stand: each below everything it comes from, side by side where nothing decides. */

export interface FlowNode {
  readonly id: string
  readonly label: string
  /** One more line in the box. */
  readonly detail?: string
  readonly state?: 'waiting' | 'running' | 'done' | 'stopped'
}

export interface FlowEdge {
  readonly from: string
  readonly to: string
  /** What goes along it, in words: "1,204 rows". */
  readonly label?: string
}

export interface Placed {
  readonly id: string
  /** Counted from the top. */
  readonly row: number
  /** In widths of a box from the left; the rows are centred. */
  readonly column: number
}

/** The rows of the flow from top to bottom, and how many boxes stand beside each other at most. Edges that close a circle or lead nowhere are left out. */
export function layOut(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): { readonly placed: readonly Placed[]; readonly rows: number; readonly width: number } {
  const known = new Set(nodes.map(({ id }) => id))
  const into = new Map<string, string[]>(
    nodes.map(({ id }) => [id, edges.filter(({ from, to }) => to === id && from !== id && known.has(from)).map(({ from }) => from)]),
  )
  const rowOf = new Map<string, number>()
  const row = (id: string, above: ReadonlySet<string>): number => {
    const kept = rowOf.get(id)
    if (kept !== undefined) return kept
    const on = new Set(above).add(id)
    const found = Math.max(-1, ...(into.get(id) ?? []).filter((from) => !on.has(from)).map((from) => row(from, on))) + 1
    rowOf.set(id, found)
    return found
  }
  for (const { id } of nodes) row(id, new Set())
  // What nothing comes before stands just above what it goes into, so that no line passes by other boxes.
  for (const { id } of nodes) {
    if ((into.get(id) ?? []).length > 0) continue
    const below = edges.filter(({ from, to }) => from === id && known.has(to)).map(({ to }) => rowOf.get(to) ?? 0)
    if (below.length > 0) rowOf.set(id, Math.max(0, Math.min(...below) - 1))
  }
  const rows = Math.max(-1, ...rowOf.values()) + 1
  const byRow = Array.from({ length: rows }, (_, at) => nodes.filter(({ id }) => rowOf.get(id) === at).map(({ id }) => id))
  const width = Math.max(0, ...byRow.map((ids) => ids.length))
  const column = new Map<string, number>()
  for (const ids of byRow) {
    // Boxes follow the middle of what they come from, so that lines cross little.
    const middle = (id: string) => {
      const from = (into.get(id) ?? []).map((one) => column.get(one)).filter((one) => one !== undefined)
      return from.length === 0 ? undefined : from.reduce((sum, one) => sum + one, 0) / from.length
    }
    const sorted = ids.every((id) => middle(id) !== undefined) ? ids.toSorted((a, b) => (middle(a) ?? 0) - (middle(b) ?? 0)) : ids
    for (const [at, id] of sorted.entries()) column.set(id, (width - sorted.length) / 2 + at)
  }
  return { placed: nodes.map(({ id }) => ({ id, row: rowOf.get(id) ?? 0, column: column.get(id) ?? 0 })), rows, width }
}
