import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entry } from '../../../api.ts'
import { useTail } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import { useListAddress } from '../../../ui/record-list/list-address.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useAuditColumns } from './columns.tsx'
import { entryQueryOf, matches } from './entry-query.ts'
import { useAuditFilters } from './filters.ts'
import { LiveBar } from './live-bar.tsx'
import { auditPages, exportLog, partnerNames, readFromTop } from './queries.ts'
import { SinceLine } from './since-line.tsx'

const noNames: ReadonlyMap<string, string> = new Map()

export function AuditList() {
  const { t } = useTranslation('ledger.audit')
  const can = useCan()
  const pathTo = useObjectPath()
  const { data: names = noNames } = useQuery({ ...partnerNames, enabled: can('read', 'partner') })
  const columns = useAuditColumns(names)
  const filters = useAuditFilters(names)
  const { filters: chosen } = useListAddress(filters)
  const tail = useTail(useCallback(() => readFromTop(chosen), [chosen]))
  const query = useMemo(() => entryQueryOf(chosen), [chosen])
  const head = useMemo(() => tail.entries.filter((entry) => matches(query, entry)), [tail.entries, query])
  return (
    <Page title={t('title')} about={t('about')}>
      {/* Whoever sees only a part of the log would be told of entries that are not shown. */}
      {can('read', 'ledger') ? <SinceLine /> : null}
      <LiveBar tail={tail} waiting={tail.waiting.filter((entry) => matches(query, entry)).length} />
      {/* Rows must not move under whoever reads further down, or steps through them by keyboard. */}
      <Stack
        onScrollCapture={(event) => {
          if (event.target instanceof Element && event.target.scrollTop > 0) tail.pause()
        }}
        onFocusCapture={({ target }) => {
          if (target.matches('[data-row-focus]')) tail.pause()
        }}
      >
        <RecordList<Entry>
          name="audit"
          label={t('title')}
          columns={columns}
          filters={filters}
          pages={auditPages}
          head={head}
          download={can('export', 'ledger_entry') ? exportLog : undefined}
          rowId={({ id }) => id}
          open={({ id }) => pathTo('entry', id)}
          empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
        />
      </Stack>
    </Page>
  )
}
