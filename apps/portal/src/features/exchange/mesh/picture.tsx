import './mesh.css'
import { Table } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type KeyboardEvent, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Pictured } from '../../../ui/pictured.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { box, layOut, lineOf, type MapEdge, type MapNode, type Placed } from './layout.ts'

interface PictureProps {
  readonly title: string
  readonly nodes: readonly MapNode[]
  readonly edges: readonly MapEdge[]
  readonly chosen?: string | undefined
  readonly onChoose?: (id: string) => void
}

/** Nodes and what is on its way between them. What moves in it is said in words, too, and stands still for whoever wants that. */
export function MeshPicture({ title, nodes, edges, chosen, onChoose }: PictureProps) {
  return (
    <Pictured
      className="mesh"
      title={title}
      picture={<Drawing title={title} nodes={nodes} edges={edges} chosen={chosen} onChoose={onChoose} />}
      table={<MeshTable title={title} nodes={nodes} edges={edges} />}
    />
  )
}

type DrawingProps = Omit<PictureProps, 'onChoose'> & { readonly onChoose: PictureProps['onChoose'] | undefined }

function Drawing({ title, nodes, edges, chosen, onChoose }: DrawingProps) {
  const narrow = useMediaQuery('(max-width: 48em)') ?? false
  const { placed, width, height } = useMemo(() => layOut(nodes, narrow ? 2 : 5), [nodes, narrow])
  const at = new Map(placed.map((node) => [node.id, node]))
  return (
    <div className="mesh-region">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is no picture */}
      <svg role="group" aria-label={title} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        {edges.map((edge) => {
          const [from, to] = [at.get(edge.from), at.get(edge.to)]
          if (from === undefined || to === undefined) return null
          const path = lineOf(from, to)
          const key = `${edge.from} ${edge.to}`
          return (
            <g key={key}>
              <path className="mesh-line" d={path} />
              {edge.out > 0 ? <path className="mesh-moving" data-way="out" d={path} /> : null}
              {edge.in > 0 ? <path className="mesh-moving" data-way="in" d={path} /> : null}
            </g>
          )
        })}
        {placed.map((node) => (
          <Box key={node.id} node={node} chosen={chosen === node.id} onChoose={node.kind === 'peer' ? onChoose : undefined} />
        ))}
      </svg>
    </div>
  )
}

const signs = { good: '✓', waiting: '…', working: '…', stopped: '✕', plain: '' } as const

function Box({ node, chosen, onChoose }: { readonly node: Placed; readonly chosen: boolean; readonly onChoose: ((id: string) => void) | undefined }) {
  const { id, x, y, label, state, detail, tone, kind } = node
  const name = [label, state, detail].filter((part) => part !== '').join(' ')
  const inside = (
    <>
      <rect x={x} y={y} width={box.width} height={box.height} rx={kind === 'mailbox' ? 16 : 4} />
      <svg x={x} y={y} width={box.width - 8} height={box.height} aria-hidden>
        <text className="mesh-name" x={12} y={24}>
          {label}
        </text>{' '}
        <text className="mesh-detail" x={12} y={43}>
          {state}
        </text>{' '}
        <text className="mesh-detail" x={12} y={61}>
          {detail}
        </text>
      </svg>
      {signs[tone] === '' ? null : (
        <text x={x + box.width - 12} y={y + 24} textAnchor="end" aria-hidden>
          {signs[tone]}
        </text>
      )}
    </>
  )
  const press = (event: KeyboardEvent) => {
    if (onChoose === undefined || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    onChoose(id)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is a button where something can be chosen, as its role says
    <g
      className="mesh-box"
      data-tone={tone}
      role={onChoose === undefined ? 'img' : 'button'}
      aria-label={name}
      tabIndex={onChoose === undefined ? -1 : 0}
      onClick={() => onChoose?.(id)}
      onKeyDown={press}
      {...(onChoose === undefined ? {} : { 'aria-pressed': chosen })}
    >
      {inside}
    </g>
  )
}

function MeshTable({ title, nodes, edges }: Pick<PictureProps, 'title' | 'nodes' | 'edges'>) {
  const { t } = useTranslation('exchange.mesh')
  const moving = (id: string, way: 'out' | 'in') => edges.filter(({ to }) => to === id).reduce((sum, edge) => sum + edge[way], 0)
  return (
    <WideTable label={title} minWidth={420}>
      <Table.Thead>
        <Table.Tr>
          {['node', 'state', 'detail', 'out', 'in'].map((column) => (
            <Table.Th key={column} scope="col">
              {t(`map.${column}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {nodes.map(({ id, label, state, detail }) => (
          <Table.Tr key={id}>
            <Table.Th scope="row">{label}</Table.Th>
            <Table.Td>{state}</Table.Td>
            <Table.Td>{detail}</Table.Td>
            <Table.Td>{moving(id, 'out')}</Table.Td>
            <Table.Td>{moving(id, 'in')}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
