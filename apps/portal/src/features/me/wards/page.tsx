import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { wardsQuery } from './queries.ts'
import { WardSection } from './ward.tsx'

/** For whom the reader may act, and what stands there about them. */
export function WardsPage() {
  const { t } = useTranslation('me.wards')
  const query = useQuery(wardsQuery())
  return (
    <Page title={t('title')} about={t('about')}>
      <Stack gap="xl" maw={640}>
        <QueryView query={query}>
          {(wards) =>
            wards.length === 0 ? (
              <EmptyState title={t('empty.title')} about={t('empty.about')} />
            ) : (
              wards.map((ward, index) => <WardSection key={ward.guardianship} ward={ward} number={index + 1} />)
            )
          }
        </QueryView>
      </Stack>
    </Page>
  )
}
