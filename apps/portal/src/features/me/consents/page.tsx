import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { meaning } from '../../../theme.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { ConsentCard } from './consent-card.tsx'
import { myConsentPages } from './queries.ts'

/** What the person who reads has agreed to. */
export function MyConsentsPage() {
  const { t } = useTranslation('me.consents')
  const query = useInfiniteQuery(myConsentPages())
  const [withdrawn, setWithdrawn] = useState(false)
  return (
    <Page title={t('title')} about={t('about')}>
      <Stack gap="md" maw={640}>
        <div role="status">
          {withdrawn ? (
            <Alert color={meaning.permit} icon={<IconCircleCheck aria-hidden />} title={t('done.title')}>
              <Text>{t('done.about')}</Text>
            </Alert>
          ) : null}
        </div>
        <QueryView query={query}>
          {({ pages }) => {
            const all = pages.flatMap(({ data }) => data)
            if (all.length === 0) return <EmptyState title={t('empty.title')} about={t('empty.about')} />
            return all.map((consent) => <ConsentCard key={consent.id} consent={consent} onWithdrawn={() => setWithdrawn(true)} />)
          }}
        </QueryView>
        {query.hasNextPage ? (
          <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
            {t('earlier')}
          </Button>
        ) : null}
      </Stack>
    </Page>
  )
}
