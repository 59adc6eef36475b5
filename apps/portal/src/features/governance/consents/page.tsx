import { Button, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { AgeRuleCard } from './age-rule.tsx'
import { ConsentCalendar } from './calendar.tsx'
import { GiveConsent } from './give.tsx'
import { Offers } from './offers.tsx'
import { Exemptions } from './opt-outs.tsx'
import { PurposeTable } from './purpose-table.tsx'
import { consentActs, overviewQuery } from './queries.ts'
import { SearchConsents } from './search.tsx'

export function ConsentsPage() {
  const { t } = useTranslation('governance.consents')
  const can = useCan()
  const [giving, { open, close }] = useDisclosure()
  const query = useQuery(overviewQuery())
  useLive(consentActs, overviewQuery().queryKey)
  const give = can('create', 'consent') ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      {t('give.open')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} about={t('about')} actions={give}>
      <Stack gap="xl">
        <SearchConsents />
        <Offers />
        <QueryView query={query}>
          {({ purposes, months }) =>
            purposes.length === 0 ? (
              <EmptyState title={t('empty.title')} about={t('empty.about')} />
            ) : (
              <>
                <ConsentCalendar months={months} />
                <PurposeTable purposes={purposes} />
              </>
            )
          }
        </QueryView>
        <Exemptions />
        <AgeRuleCard />
      </Stack>
      {giving ? <GiveConsent onClose={close} /> : null}
    </Page>
  )
}
