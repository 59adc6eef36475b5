/** The plan as boxes and lines. The node says what happens in which order; figures come from a dry run or a run. */
import type { FlowEdge, FlowNode } from '../../../ui/flow/layout.ts'

export interface PictureNode {
  readonly id: string
  readonly kind: string
  readonly label: { readonly code: string; readonly params: Readonly<Record<string, string | number>> }
}

export interface BoxFigures {
  readonly id: string
  /** Nothing, where nobody has said it of this box apart. */
  readonly rows_out?: number | null | undefined
  readonly state?: FlowNode['state'] | undefined
}

interface Words {
  /** What a kind of step is called. */
  readonly kind: (kind: string) => string
  /** What it is about. */
  readonly about: (label: PictureNode['label']) => string
  /** Rows, or that they are too few to be told. */
  readonly rows: (rows: number | null) => string
}

export function flowOf(
  picture: { readonly nodes: readonly PictureNode[]; readonly edges: readonly { readonly from: string; readonly to: string }[] },
  figures: readonly BoxFigures[],
  words: Words,
): { readonly nodes: readonly FlowNode[]; readonly edges: readonly FlowEdge[] } {
  const of = new Map(figures.map((one) => [one.id, one]))
  return {
    nodes: picture.nodes.map(({ id, kind, label }) => {
      const state = of.get(id)?.state
      return { id, label: words.kind(kind), detail: words.about(label), ...(state === undefined ? {} : { state }) }
    }),
    edges: picture.edges.map(({ from, to }) => {
      const figure = of.get(from)
      const rows = figure?.rows_out
      return rows === undefined || figure?.state === 'waiting' || figure?.state === 'running' ? { from, to } : { from, to, label: words.rows(rows) }
    }),
  }
}

interface Step {
  readonly id: string
  readonly rows_out: number | null
  readonly state?: FlowNode['state'] | undefined
}

const partsOfReading = ['source', 'exclude', 'prepare', 'tokenise'] as const

/**
 * What the steps say of the boxes. One step reads a source, leaves people out, mends and makes tokens; once it is done it tells of each
 * of these apart (`extract:patients/exclude`), until then of all together. Another node tells of all together for good: what it gave.
 */
export function boxesOf(steps: readonly Step[]): readonly BoxFigures[] {
  return steps.flatMap(({ id, rows_out, state }): readonly BoxFigures[] => {
    const [, source, stage] = /^extract:([^/]+)(?:\/(\w+))?$/.exec(id) ?? []
    if (source === undefined) return [{ id: id === 'write' ? 'output' : id, rows_out, state }]
    if (stage === undefined) {
      const gave = state === 'done' ? rows_out : undefined
      return partsOfReading.map((part) => ({ id: `${part}:${source}`, rows_out: part === 'tokenise' ? gave : undefined, state: state ?? 'waiting' }))
    }
    return [{ id: `${stage === 'extract' ? 'source' : stage}:${source}`, rows_out, state }]
  })
}
