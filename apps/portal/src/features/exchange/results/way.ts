/** The way of one value: from the columns it is of, through the node that gave it and the steps that had a hand in it, to its cell. */
import type { FlowEdge, FlowNode } from '../../../ui/flow/layout.ts'

interface Ways {
  readonly sources: readonly { readonly as: string; readonly table: string; readonly column: string; readonly node?: string | null }[]
  readonly steps: readonly { readonly id: string; readonly kind: string; readonly title: string }[]
}

/**
 * @param kind what a kind of step is called
 * @param decided what another node says by what it decided to give its part
 */
export function wayOf(
  { sources, steps }: Ways,
  cell: string,
  kind: (name: string) => string,
  decided: (node: string) => string = () => '',
): { readonly nodes: readonly FlowNode[]; readonly edges: readonly FlowEdge[] } {
  const readOf = (as: string) => `extract:${as}`
  const reads = steps.filter(({ id }) => sources.some(({ as }) => id === readOf(as)))
  // Other sources were read for other columns.
  const after = steps.filter(({ id }) => !id.startsWith('extract:'))
  const box = ({ id, kind: of, title }: Ways['steps'][number]): FlowNode => ({ id, label: kind(of), detail: title })
  const last = [...after.map(({ id }) => id), 'cell']
  const first = last[0] ?? 'cell'
  const column = (as: string, name: string) => `column ${as} ${name}`
  const giver = (node: string) => `node ${node}`
  const nodes = [...new Set(sources.flatMap(({ node }) => node ?? []))]
  const next = (as: string) => (reads.some(({ id }) => id === readOf(as)) ? readOf(as) : first)
  return {
    nodes: [
      ...sources.map(({ as, table, column: name }) => ({ id: column(as, name), label: table, detail: name })),
      ...nodes.map((node) => ({ id: giver(node), label: node, detail: decided(node) })),
      ...reads.map(box),
      ...after.map(box),
      { id: 'cell', label: cell },
    ],
    edges: [
      ...sources.map(({ as, column: name, node }) => ({ from: column(as, name), to: node == null ? next(as) : giver(node) })),
      ...nodes.flatMap((node) => [...new Set(sources.filter((one) => one.node === node).map(({ as }) => next(as)))].map((to) => ({ from: giver(node), to }))),
      ...reads.map(({ id }) => ({ from: id, to: first })),
      ...last.slice(1).map((to, at) => ({ from: last[at] ?? '', to })),
    ],
  }
}
