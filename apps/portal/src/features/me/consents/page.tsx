import { Alert, Anchor, Button, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { meaning } from '../../../theme.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { ConnectedApplications } from '../applications/connected.tsx'
import { wardsQuery } from '../wards/queries.ts'
import { Connections } from './connections.tsx'
import { ConsentCard } from './consent-card.tsx'
import { Offers } from './offers.tsx'
import { myConsentPages } from './queries.ts'

/** What the person who reads has agreed to. */
export function MyConsentsPage() {
  const { t } = useTranslation('me.consents')
  const query = useInfiniteQuery(myConsentPages())
  const [done, setDone] = useState<'withdrawn' | 'given'>()
  const wards = useQuery(wardsQuery()).data ?? []
  return (
    <Page title={t('title')} about={t('about')}>
      <Stack gap="md" maw={640}>
        <div role="status">
          {done !== undefined ? (
            <Alert color={meaning.permit} icon={<IconCircleCheck aria-hidden />} title={t(done === 'given' ? 'agreed.title' : 'done.title')}>
              <Text>{t(done === 'given' ? 'agreed.about' : 'done.about')}</Text>
            </Alert>
          ) : null}
        </div>
        {wards.length === 0 ? null : (
          <Text>
            <Anchor component={Link} to="/me/wards">
              {t('wards')}
            </Anchor>
          </Text>
        )}
        <Offers onGiven={() => setDone('given')} />
        <QueryView query={query}>
          {({ pages }) => {
            const all = pages.flatMap(({ data }) => data)
            if (all.length === 0) return <EmptyState title={t('empty.title')} about={t('empty.about')} />
            return all.map((consent) => <ConsentCard key={consent.id} consent={consent} onWithdrawn={() => setDone('withdrawn')} />)
          }}
        </QueryView>
        <Connections />
        <ConnectedApplications />
        {query.hasNextPage ? (
          <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
            {t('earlier')}
          </Button>
        ) : null}
      </Stack>
    </Page>
  )
}
