import { Button, Group, TextInput } from '@mantine/core'
import { type FormEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { NewDocument } from './new.tsx'
import { type Document, documentNews, documentPages } from './queries.ts'
import { HeldChip, ScanState } from './state.tsx'

export function DocumentList() {
  const { t } = useTranslation('custody.documents')
  const format = useFormat()
  const can = useCan()
  const pathTo = useObjectPath()
  const [asked, setAsked] = useState('')
  const [person, setPerson] = useState<string>()
  const pages = useMemo(() => () => documentPages(person), [person])
  const columns = useMemo(
    (): ListColumn<Document>[] => [
      { name: 'title', label: t('documentTitle'), value: (row) => row.title, width: 185, phone: true },
      {
        name: 'scan',
        label: t('scanLabel'),
        value: (row) => row.versions[0]?.scan ?? '',
        cell: (row) => (row.versions[0] === undefined ? t('noFile') : <ScanState scan={row.versions[0].scan} />),
        width: 170,
        phone: true,
      },
      { name: 'source', label: t('source'), value: (row) => row.source, width: 130 },
      { name: 'versions', label: t('versions'), value: (row) => row.versions.length, numeric: true, width: 100 },
      {
        name: 'bytes',
        label: t('size'),
        value: (row) => row.versions[0]?.bytes ?? null,
        cell: (row) => (row.versions[0] === undefined ? '' : format.bytes(row.versions[0].bytes)),
        numeric: true,
        width: 110,
      },
      { name: 'held', label: t('hold'), value: (row) => (row.held ? t('held') : ''), cell: (row) => (row.held ? <HeldChip /> : ''), width: 120 },
      {
        name: 'created_at',
        label: t('createdAt'),
        value: (row) => row.created_at,
        cell: (row) => <Moment at={row.created_at} focusable={false} />,
        width: 150,
      },
    ],
    [t, format],
  )
  const search = (event: FormEvent) => {
    event.preventDefault()
    setPerson(asked.trim() === '' ? undefined : asked.trim())
  }
  const begin = can('create', 'document') ? <NewDocument person={person} /> : undefined
  return (
    <Page title={t('title')} about={t('about')} actions={begin}>
      <form onSubmit={search} autoComplete="off">
        <Group align="flex-end" gap="xs">
          <TextInput
            label={t('person')}
            description={t('personAbout')}
            value={asked}
            onChange={(event) => setAsked(event.currentTarget.value)}
            maxLength={200}
            autoComplete="off"
          />
          <Button type="submit" variant="default">
            {t('show')}
          </Button>
        </Group>
      </form>
      <RecordList
        name="documents"
        label={t('title')}
        columns={columns}
        pages={pages}
        live={documentNews}
        rowId={(row) => row.id}
        open={(row) => pathTo('document', row.id)}
        empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
      />
    </Page>
  )
}
