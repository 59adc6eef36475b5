/** Where each node stands: this one on top, the mailboxes below it, the peers below those that they are reached by. Pure. */

export interface MapNode {
  readonly id: string
  readonly kind: 'self' | 'mailbox' | 'peer'
  readonly label: string
  /** The state in a word. */
  readonly state: string
  readonly tone: 'good' | 'waiting' | 'working' | 'stopped' | 'plain'
  readonly detail: string
}

export interface MapEdge {
  readonly from: string
  readonly to: string
  /** Messages on their way outwards and inwards. */
  readonly out: number
  readonly in: number
}

export interface Placed extends MapNode {
  readonly x: number
  readonly y: number
}

export const box = { width: 164, height: 74 } as const
const gap = { across: 16, down: 56 } as const
const margin = 4

export interface Layout {
  readonly placed: readonly Placed[]
  readonly width: number
  readonly height: number
}

/** @param columns how many boxes stand beside one another */
export function layOut(nodes: readonly MapNode[], columns: number): Layout {
  const rows = (['self', 'mailbox', 'peer'] as const).flatMap((kind) => {
    const of = nodes.filter((node) => node.kind === kind)
    return Array.from({ length: Math.ceil(of.length / columns) }, (_, row) => of.slice(row * columns, (row + 1) * columns))
  })
  const widest = Math.max(1, ...rows.map((row) => row.length))
  const across = (count: number) => count * box.width + (count - 1) * gap.across
  return {
    width: across(widest) + 2 * margin,
    height: Math.max(1, rows.length) * (box.height + gap.down) - gap.down + 2 * margin,
    placed: rows.flatMap((row, at) =>
      row.map((node, column) => ({
        ...node,
        x: margin + (across(widest) - across(row.length)) / 2 + column * (box.width + gap.across),
        y: margin + at * (box.height + gap.down),
      })),
    ),
  }
}

/** From the foot of the upper box to the head of the lower one. */
export function lineOf(from: Placed, to: Placed): string {
  const [upper, lower] = from.y <= to.y ? [from, to] : [to, from]
  const [x1, y1, x2, y2] = [upper.x + box.width / 2, upper.y + box.height, lower.x + box.width / 2, lower.y]
  return `M ${x1} ${y1} C ${x1} ${y1 + gap.down / 2}, ${x2} ${y2 - gap.down / 2}, ${x2} ${y2}`
}
