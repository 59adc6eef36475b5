import { Anchor, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Facts } from '../../../ui/facts.tsx'
import { Flow } from '../../../ui/flow/flow.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { useFlowWords } from '../plans/figures.tsx'
import { type Origin, originQuery } from './queries.ts'
import { wayOf } from './way.ts'

interface WalkBackProps {
  readonly project: string
  readonly result: string
  readonly row: number
  readonly column: string
}

/** From one cell back to where it comes from. */
export function WalkBack({ project, result, row, column }: WalkBackProps) {
  return <QueryView query={useQuery(originQuery(project, result, row, column))}>{(origin) => <Shown project={project} origin={origin} />}</QueryView>
}

/** What other nodes had a hand in it, each once. */
const decisionsOf = ({ sources }: Origin) => [
  ...new Map(sources.flatMap(({ node, decision }) => (node === null ? [] : [[node, { node, decision }] as const]))).values(),
]

function Shown({ project, origin }: { readonly project: string; readonly origin: Origin }) {
  const { t } = useTranslation('exchange.results')
  const format = useFormat()
  const pathTo = useObjectPath()
  const { kind } = useFlowWords()
  const { element, treatment } = origin
  const others = decisionsOf(origin)
  const decided = (node: string) => {
    const floor = others.find((one) => one.node === node)?.decision?.floor
    return floor === undefined ? t('cell.node.gave') : t('cell.node.floor', { floor: format.number(floor) })
  }
  const way = wayOf(origin, t('cell.cell', { column: origin.column, row: origin.row + 1 }), kind, decided)
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          { label: t('cell.value'), value: origin.value === null ? t('cell.missing') : String(origin.value) },
          { label: t('cell.role'), value: element === null ? t('cell.figure') : t(`role.${element.role}`, element.role) },
          {
            label: t('cell.level'),
            value:
              treatment.level === null
                ? t('cell.untreated')
                : t('cell.levelOf', { level: format.number(treatment.level), levels: format.number(treatment.levels ?? treatment.level) }),
          },
          { label: t('cell.weight'), value: element?.weight == null ? null : format.number(element.weight) },
          { label: t('cell.models'), value: treatment.models.length === 0 ? null : format.list(treatment.models) },
        ]}
      />
      <Flow title={t('cell.way')} nodes={way.nodes} edges={way.edges} />
      {origin.linked_by === null ? null : <Text>{t('cell.linkedBy', { unit: origin.linked_by })}</Text>}
      {others.map(({ node, decision }) => (
        <section key={node} aria-labelledby={`node-${node}`}>
          <Title order={3} mb="xs" id={`node-${node}`}>
            {t('cell.node.title', { node })}
          </Title>
          <Text c="dimmed" mb="xs">
            {t('cell.node.about')}
          </Text>
          <Facts
            facts={[
              { label: t('cell.node.floorLabel'), value: decision === null ? null : format.number(decision.floor) },
              { label: t('cell.node.run'), value: decision === null ? null : <ShortId id={decision.run} /> },
              { label: t('cell.node.plan'), value: decision === null ? null : <ShortId id={decision.plan} /> },
              { label: t('cell.node.review'), value: decision?.review == null ? t('cell.node.noReview') : <ShortId id={decision.review} /> },
            ]}
          />
        </section>
      ))}
      <div>
        <Title order={3} mb="xs">
          {t('cell.approvals')}
        </Title>
        {origin.approvals.length === 0 ? <Text>{t('cell.noApprovals')}</Text> : null}
        {origin.approvals.map(({ review, kind: of, decided_at }) => {
          const path = pathTo('review', review)
          return (
            <Text key={review}>
              {path === undefined ? (
                t(`cell.approval.${of}`)
              ) : (
                <Anchor component={Link} to={path} underline="always">
                  {t(`cell.approval.${of}`)}
                </Anchor>
              )}{' '}
              {decided_at === null ? null : <Moment at={decided_at} />}
            </Text>
          )
        })}
      </div>
      <Text>
        <Anchor component={Link} to={`/exchange/runs/${origin.run}?project=${project}&tab=evidence`} underline="always">
          {t('cell.ledger')}
        </Anchor>
      </Text>
    </Stack>
  )
}
