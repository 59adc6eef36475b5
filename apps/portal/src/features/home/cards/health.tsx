import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { judge } from '../../administration/health/judge.ts'
import { healthKey, healthQuery } from '../../administration/health/queries.ts'
import { Card, Figures } from './card.tsx'

/** Whether every part of the node keeps up. */
export function HealthCard() {
  const { t } = useTranslation('home.cards')
  const format = useFormat()
  useLive(['*'], healthKey)
  const query = useQuery(healthQuery)
  return (
    <QueryView query={query}>
      {(health) => {
        const good = judge(health)
        const bad = Object.values(good).filter((one) => !one).length
        return (
          <Card title={t('health.title')} says={bad === 0 ? t('health.good') : t('health.bad', { count: bad })} to="/administration/health">
            <Stack gap="xs" align="flex-start">
              {(['log', 'events', 'jobs'] as const).map((part) => (
                <StateChip key={part} tone={good[part] ? 'permit' : 'attention'}>
                  {t(good[part] ? `health.part.${part}.good` : `health.part.${part}.bad`)}
                </StateChip>
              ))}
            </Stack>
            <Figures
              figures={[
                { label: t('health.size'), value: format.number(health.ledger.size) },
                { label: t('health.dead'), value: format.number(health.dead_letters) },
              ]}
            />
          </Card>
        )
      }}
    </QueryView>
  )
}
