import './flow.css'
import { Table } from '@mantine/core'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Pictured } from '../pictured.tsx'
import { WideTable } from '../wide-table.tsx'
import { type FlowEdge, type FlowNode, layOut } from './layout.ts'

const box = { width: 208, height: 50 }
const gap = { across: 18, down: 44 }
const margin = 4

const signs = { waiting: '…', running: '▶', done: '✓', stopped: '✕' } as const

interface FlowProps {
  /** What the picture is of. */
  readonly title: string
  readonly nodes: readonly FlowNode[]
  readonly edges: readonly FlowEdge[]
  /** Boxes can be chosen then. */
  readonly onChoose?: (id: string) => void
  readonly chosen?: string | undefined
}

/** Steps and what goes from one to the next, from top to bottom. One box is within reach of the tabulator; arrows lead to the others. */
export function Flow({ title, nodes, edges, onChoose, chosen }: FlowProps) {
  if (nodes.length === 0) return null
  return (
    <Pictured
      className="flow"
      title={title}
      picture={<Picture title={title} nodes={nodes} edges={edges} onChoose={onChoose} chosen={chosen} />}
      table={<FlowTable title={title} nodes={nodes} edges={edges} />}
    />
  )
}

type PictureProps = Pick<FlowProps, 'title' | 'nodes' | 'edges'> & { readonly onChoose: FlowProps['onChoose'] | undefined; readonly chosen: string | undefined }

function Picture({ title, nodes, edges, onChoose, chosen }: PictureProps) {
  const { t } = useTranslation()
  const { placed, rows, width: wide } = useMemo(() => layOut(nodes, edges), [nodes, edges])
  const picture = useRef<SVGSVGElement>(null)
  const [reached, setReached] = useState<string | undefined>(undefined)
  const within = nodes.some(({ id }) => id === reached) ? reached : nodes.some(({ id }) => id === chosen) ? chosen : nodes[0]?.id
  const width = wide * (box.width + gap.across) - gap.across + 2 * margin
  const height = rows * (box.height + gap.down) - gap.down + 2 * margin
  const left = (column: number) => margin + column * (box.width + gap.across)
  const top = (row: number) => margin + row * (box.height + gap.down)
  const places = new Map(placed.map((place) => [place.id, place]))
  const move = (event: KeyboardEvent) => {
    const next = neighbour(places.get(within ?? ''), placed, event.key)
    if (next === undefined) return
    event.preventDefault()
    setReached(next)
    picture.current?.querySelector<SVGGElement>(`[data-node="${CSS.escape(next)}"]`)?.focus()
  }
  return (
    <div className="flow-region">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is no picture */}
      <svg ref={picture} role="group" aria-label={title} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        {edges.map(({ from, to }) => {
          const [a, b] = [places.get(from), places.get(to)]
          if (a === undefined || b === undefined) return null
          const [x1, y1, x2, y2] = [left(a.column) + box.width / 2, top(a.row) + box.height, left(b.column) + box.width / 2, top(b.row)]
          return <path key={`${from} ${to}`} className="flow-line" d={`M ${x1} ${y1} C ${x1} ${y1 + gap.down / 2}, ${x2} ${y2 - gap.down / 2}, ${x2} ${y2}`} />
        })}
        {nodes.map((node) => {
          const place = places.get(node.id)
          if (place === undefined) return null
          const [x, y] = [left(place.column), top(place.row)]
          const name = [node.label, node.detail, node.state === undefined ? undefined : t(`flow.${node.state}`)].filter((part) => part !== undefined).join(' ')
          const pressed = onChoose === undefined ? {} : { 'aria-pressed': node.id === chosen }
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: it is a button where something can be chosen, as its role says
            <g
              key={node.id}
              data-node={node.id}
              data-state={node.state}
              data-note={name}
              className="flow-box"
              aria-label={name}
              role={onChoose === undefined ? 'img' : 'button'}
              onClick={() => onChoose?.(node.id)}
              tabIndex={node.id === within ? 0 : -1}
              onFocus={() => setReached(node.id)}
              onKeyDown={(event) => {
                if (onChoose === undefined || (event.key !== 'Enter' && event.key !== ' ')) return move(event)
                event.preventDefault()
                onChoose(node.id)
              }}
              {...pressed}
            >
              <rect x={x} y={y} width={box.width} height={box.height} rx={4} />
              <svg x={x} y={y} width={box.width - (node.state === undefined ? 8 : 26)} height={box.height} aria-hidden>
                <text className="flow-name" x={10} y={node.detail === undefined ? 30 : 21}>
                  {node.label}
                </text>{' '}
                {node.detail === undefined ? null : (
                  <text className="flow-detail" x={10} y={39}>
                    {node.detail}
                  </text>
                )}
              </svg>
              {node.state === undefined ? null : (
                <text x={x + box.width - 10} y={y + 21} textAnchor="end" aria-hidden>
                  {signs[node.state]}
                </text>
              )}
            </g>
          )
        })}
        {edges.map(({ from, to, label }) => {
          const [a, b] = [places.get(from), places.get(to)]
          if (label === undefined || a === undefined || b === undefined) return null
          // Nearer to where it comes from: several lines meet where they go.
          const x = (left(a.column) * 2 + left(b.column)) / 3 + box.width / 2
          const y = top(a.row) + box.height + gap.down / 2 + 1
          return (
            <text key={`${from} ${to}`} className="flow-label" x={x} y={y} textAnchor="middle">
              {label}
            </text>
          )
        })}
      </svg>
    </div>
  )
}

interface Spot {
  readonly id: string
  readonly row: number
  readonly column: number
}

/** The nearest box in the direction of an arrow. */
function neighbour(from: Spot | undefined, all: readonly Spot[], key: string): string | undefined {
  if (from === undefined) return undefined
  const down = { ArrowDown: 1, ArrowUp: -1 }[key]
  const across = { ArrowRight: 1, ArrowLeft: -1 }[key]
  const there = all.filter(({ row, column }) =>
    down !== undefined ? Math.sign(row - from.row) === down : across !== undefined && row === from.row && Math.sign(column - from.column) === across,
  )
  const distance = ({ row, column }: Spot) => Math.abs(row - from.row) * 100 + Math.abs(column - from.column)
  return there.toSorted((a, b) => distance(a) - distance(b))[0]?.id
}

function FlowTable({ title, nodes, edges }: Pick<FlowProps, 'title' | 'nodes' | 'edges'>) {
  const { t } = useTranslation()
  const nameOf = (id: string) => nodes.find((node) => node.id === id)?.label ?? id
  const into = (id: string) => edges.filter(({ to }) => to === id)
  return (
    <WideTable label={title} minWidth={360}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('flow.step')}</Table.Th>
          <Table.Th scope="col">{t('flow.from')}</Table.Th>
          <Table.Th scope="col">{t('flow.state')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {nodes.map((node) => (
          <Table.Tr key={node.id}>
            <Table.Th scope="row">
              {node.label}
              {node.detail === undefined ? '' : ` – ${node.detail}`}
            </Table.Th>
            <Table.Td>
              {into(node.id)
                .map(({ from, label }) => (label === undefined ? nameOf(from) : `${nameOf(from)} (${label})`))
                .join('; ')}
            </Table.Td>
            <Table.Td>{node.state === undefined ? '–' : t(`flow.${node.state}`)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
