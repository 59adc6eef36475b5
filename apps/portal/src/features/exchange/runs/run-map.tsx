import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MapEdge, MapNode } from '../mesh/layout.ts'
import { MeshPicture } from '../mesh/picture.tsx'
import type { Run } from './queries.ts'

type Part = Run['nodes'][number]

const tones: Readonly<Record<Part['state'], MapNode['tone']>> = {
  asked: 'waiting',
  delivered: 'waiting',
  working: 'working',
  awaiting_approval: 'waiting',
  answered: 'good',
  refused: 'stopped',
  expired: 'stopped',
  cancelled: 'stopped',
}
/** What was asked for is on its way there until the node says that it is at work; from then on something comes back. */
const onItsWay: Partial<Readonly<Record<Part['state'], 'out' | 'in'>>> = { asked: 'out', delivered: 'out', working: 'in' }

/** A run as it travels to the nodes that carry out its parts, and comes back. */
export function RunMap({ run }: { readonly run: Run }) {
  const { t } = useTranslation('exchange.runs')
  const { nodes, edges } = useMemo(() => {
    const self: MapNode = { id: 'self', kind: 'self', label: t('nodes.self'), state: t(`state.${run.state}`), tone: 'plain', detail: '' }
    return {
      nodes: [
        self,
        ...run.nodes.map(
          ({ node, state, sources, links }): MapNode => ({
            id: node,
            kind: 'peer',
            label: node,
            state: t(`nodes.states.${state}`),
            tone: tones[state],
            detail: links ? t('nodes.links') : sources.join(', '),
          }),
        ),
      ],
      edges: run.nodes.map(
        ({ node, state }): MapEdge => ({ from: 'self', to: node, out: onItsWay[state] === 'out' ? 1 : 0, in: onItsWay[state] === 'in' ? 1 : 0 }),
      ),
    }
  }, [run, t])
  const done = run.nodes.filter(({ state }) => state === 'answered').length
  return <MeshPicture title={t('nodes.answered', { done, of: run.nodes.length })} nodes={nodes} edges={edges} />
}
