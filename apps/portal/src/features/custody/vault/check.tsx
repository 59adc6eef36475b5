import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId, shortened } from '../../../ui/short-id.tsx'
import { CheckState } from './check-state.tsx'
import { type Check, checkQuery } from './queries.ts'
import { TamperReport } from './tamper-report.tsx'

/** One check of the vault: what was walked, and where it does not fit. */
export function VaultCheckPage() {
  const { check = '' } = useParams({ strict: false }) as { check?: string }
  return (
    <QueryView whole query={useQuery(checkQuery(check))}>
      {(found) => <Shown check={found} />}
    </QueryView>
  )
}

function Shown({ check }: { readonly check: Check }) {
  const { t } = useTranslation('custody.vault')
  const format = useFormat()
  return (
    <Page title={t('check.one', { id: shortened(check.id) })} about={t('check.about')} chip={<CheckState faults={check.fault_count} />}>
      <Stack gap="lg">
        <Facts
          facts={[
            { label: t('check.entry'), value: <ShortId id={check.id} kind="entry" /> },
            { label: t('check.at'), value: <Moment at={check.finished_at} /> },
            { label: t('check.took'), value: format.duration(Date.parse(check.finished_at) - Date.parse(check.started_at)) },
            { label: t('subjects'), value: format.number(check.subjects) },
            { label: t('blocks'), value: format.number(check.blocks) },
            { label: t('check.unreadable'), value: format.number(check.unreadable) },
          ]}
        />
        {check.fault_count === 0 ? <Text>{t('check.fine')}</Text> : <TamperReport check={check} />}
      </Stack>
    </Page>
  )
}
