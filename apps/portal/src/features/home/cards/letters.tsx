import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { alertSummary, alertSummaryKey } from './alert-summary.ts'
import { Card } from './card.tsx'

/** Whether letters leave the node, and whether some could not. */
export function LettersCard() {
  const { t } = useTranslation('home.cards')
  useLive(['monitoring.*'], alertSummaryKey)
  const query = useQuery(alertSummary)
  return (
    <QueryView query={query}>
      {({ mail_on, dead_letters }) => (
        <Card title={t('letters.title')} says={t(mail_on ? 'letters.on' : 'letters.off')} to="/insight/alert-settings">
          <Stack align="flex-start">
            <StateChip tone={dead_letters === 0 ? 'permit' : 'attention'}>
              {dead_letters === 0 ? t('letters.fine') : t('letters.dead', { count: dead_letters })}
            </StateChip>
          </Stack>
        </Card>
      )}
    </QueryView>
  )
}
