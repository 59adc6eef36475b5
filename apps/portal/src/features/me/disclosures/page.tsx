import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { Looks } from './looks.tsx'
import { byMonth } from './plain.ts'
import { consentDaysQuery, type Disclosure, disclosurePages, lookPages } from './queries.ts'
import { Sentence } from './sentence.tsx'

/** Who received what about the person who reads, and why. */
export function MyDisclosuresPage() {
  const { t } = useTranslation('me.disclosures')
  const query = useInfiniteQuery(disclosurePages())
  const looks = useInfiniteQuery(lookPages())
  const consents = useQuery(consentDaysQuery())
  return (
    <Page title={t('title')} about={t('about')}>
      <Stack gap="xl" maw={640}>
        <QueryView query={query}>
          {({ pages }) => {
            const all = pages.flatMap(({ data }) => data)
            if (all.length === 0) return <EmptyState title={t('empty.title')} about={t('empty.about')} />
            return (
              <Stack gap="lg">
                <Months disclosures={all} consentDays={consents.data ?? new Map()} />
                <Earlier query={query} />
              </Stack>
            )
          }}
        </QueryView>
        <QueryView query={looks}>
          {({ pages }) => (
            <Stack gap="sm">
              <Looks looks={pages.flatMap(({ data }) => data)} heading={2} />
              <Earlier query={looks} />
            </Stack>
          )}
        </QueryView>
      </Stack>
    </Page>
  )
}

interface Pages {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  fetchNextPage(): Promise<unknown>
}

function Earlier({ query }: { readonly query: Pages }) {
  const { t } = useTranslation('me.disclosures')
  if (!query.hasNextPage) return null
  return (
    <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
      {t('earlier')}
    </Button>
  )
}

function Months({ disclosures, consentDays }: { readonly disclosures: readonly Disclosure[]; readonly consentDays: ReadonlyMap<string, string> }) {
  const format = useFormat()
  return byMonth(disclosures).map(({ month, things }) => (
    <Stack key={month} component="section" gap="sm" aria-labelledby={`month-${month}`}>
      <Title order={2} id={`month-${month}`}>
        {format.month(month)}
      </Title>
      <MonthCount count={things.length} />
      {things.map((disclosure) => (
        <Paper key={disclosure.release} component="article" withBorder p="md">
          <Sentence disclosure={disclosure} consentDays={consentDays} />
        </Paper>
      ))}
    </Stack>
  ))
}

function MonthCount({ count }: { readonly count: number }) {
  const { t } = useTranslation('me.disclosures')
  return (
    <Text c="dimmed" size="sm">
      {t('count', { count })}
    </Text>
  )
}
