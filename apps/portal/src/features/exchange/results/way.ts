/** The way of one value: from the columns it is of, through the steps that had a hand in it, to its cell. */
import type { FlowEdge, FlowNode } from '../../../ui/flow/layout.ts'

interface Ways {
  readonly sources: readonly { readonly as: string; readonly table: string; readonly column: string }[]
  readonly steps: readonly { readonly id: string; readonly kind: string; readonly title: string }[]
}

/** @param kind what a kind of step is called */
export function wayOf(
  { sources, steps }: Ways,
  cell: string,
  kind: (name: string) => string,
): { readonly nodes: readonly FlowNode[]; readonly edges: readonly FlowEdge[] } {
  const readOf = (as: string) => `extract:${as}`
  const reads = steps.filter(({ id }) => sources.some(({ as }) => id === readOf(as)))
  // Other sources were read for other columns.
  const after = steps.filter(({ id }) => !id.startsWith('extract:'))
  const box = ({ id, kind: of, title }: Ways['steps'][number]): FlowNode => ({ id, label: kind(of), detail: title })
  const last = [...after.map(({ id }) => id), 'cell']
  const first = last[0] ?? 'cell'
  const column = (as: string, name: string) => `column ${as} ${name}`
  return {
    nodes: [
      ...sources.map(({ as, table, column: name }) => ({ id: column(as, name), label: table, detail: name })),
      ...reads.map(box),
      ...after.map(box),
      { id: 'cell', label: cell },
    ],
    edges: [
      ...sources.map(({ as, column: name }) => ({ from: column(as, name), to: reads.some(({ id }) => id === readOf(as)) ? readOf(as) : first })),
      ...reads.map(({ id }) => ({ from: id, to: first })),
      ...last.slice(1).map((to, at) => ({ from: last[at] ?? '', to })),
    ],
  }
}
