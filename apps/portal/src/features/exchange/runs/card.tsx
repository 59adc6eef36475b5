import { Anchor, Group, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useProjects } from '../../../ui/project-choice.tsx'
import { Card } from '../../home/cards/card.tsx'
import { openStates, recentRuns, runNews, runsKey } from './queries.ts'
import { RunState } from './state.tsx'

const shownMax = 5

/** The newest runs of one's projects: what is under way, and what was refused and why. */
export function RunsCard() {
  const { t } = useTranslation('exchange.runs')
  useLive(runNews, runsKey)
  const projects = useProjects().data ?? []
  const found = useQueries({ queries: projects.filter(({ state }) => state === 'active').map(({ id }) => recentRuns(id)) })
  const runs = found.flatMap(({ data }) => data ?? []).sort((a, b) => b.asked_at.localeCompare(a.asked_at))
  const running = runs.filter(({ state }) => openStates.includes(state)).length
  return (
    <Card
      title={t('card.title')}
      says={running > 0 ? t('card.running', { count: running }) : t(runs.length === 0 ? 'card.empty' : 'card.none')}
      to="/exchange/runs"
    >
      {runs.length === 0 ? null : (
        <ul className="home-list">
          {runs.slice(0, shownMax).map((run) => (
            <li key={run.id}>
              <Group gap="xs">
                <Anchor component={Link} to={`/exchange/runs/${run.id}?project=${run.project}`}>
                  {run.title}
                </Anchor>
                <RunState state={run.state} />
                <Text span size="sm" c="dimmed">
                  {run.reason === null ? null : `${t(`why.${run.reason}.what`, run.reason)} · `}
                  <Moment at={run.asked_at} />
                </Text>
              </Group>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
