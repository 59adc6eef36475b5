import { Anchor, Group, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useProjects } from '../../../ui/project-choice.tsx'
import { Card } from '../../home/cards/card.tsx'
import { recentResults, resultNews, resultsKey } from './queries.ts'
import { ResultState } from './state.tsx'

const shownMax = 5

/** What one's projects have got. */
export function ResultsCard() {
  const { t } = useTranslation('exchange.results')
  useLive(resultNews, resultsKey)
  const projects = useProjects().data ?? []
  const found = useQueries({ queries: projects.filter(({ state }) => state === 'active').map(({ id }) => recentResults(id)) })
  const results = found.flatMap(({ data }) => data ?? []).sort((a, b) => b.made_at.localeCompare(a.made_at))
  const released = results.filter(({ state }) => state === 'released').length
  return (
    <Card title={t('card.title')} says={released === 0 ? t('card.none') : t('card.says', { count: released })} to="/exchange/results">
      {results.length === 0 ? null : (
        <ul className="home-list">
          {results.slice(0, shownMax).map((result) => (
            <li key={result.id}>
              <Group gap="xs">
                <Anchor component={Link} to={`/exchange/results/${result.id}?project=${result.project}`}>
                  {result.title}
                </Anchor>
                <ResultState state={result.state} partial={result.partial} />
                <Text span size="sm" c="dimmed">
                  <Moment at={result.made_at} />
                </Text>
              </Group>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
