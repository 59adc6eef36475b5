import { Anchor, Button, Group, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { Card } from '../../../ui/card-page.tsx'
import { Page } from '../../../ui/page.tsx'
import { WithProject } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useAddressValues } from '../../../ui/use-address-values.ts'
import { Nodes } from './nodes.tsx'
import { catalogueKey, catalogueNews, cataloguePages, dcatAddress, type Listed, lineageAddress } from './queries.ts'

/** What there is, as a project sees it. */
export function CatalogueList() {
  const { t } = useTranslation('custody.catalogue')
  return (
    <Page title={t('title')} about={t('about')}>
      <WithProject>{(project) => <Found key={project.id} project={project.id} />}</WithProject>
    </Page>
  )
}

const pauseMs = 300

function Found({ project }: { readonly project: string }) {
  const { t } = useTranslation('custody.catalogue')
  const [{ view = 'cards' }, change] = useAddressValues()
  // What somebody types into a search box does not stand in the address.
  const [typed, type] = useState('')
  const [search] = useDebouncedValue(typed.trim(), pauseMs)
  const pages = useMemo(() => cataloguePages(project, search), [project, search])
  return (
    <Stack gap="md">
      <Group align="flex-end" justify="space-between">
        <TextInput
          label={t('search')}
          description={t('searchHint')}
          type="search"
          maxLength={200}
          value={typed}
          flex="1 1 16rem"
          maw={480}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <Group gap="xs">
          <SegmentedControl
            aria-label={t('view.label')}
            value={view}
            onChange={(value) => change({ view: value === 'cards' ? undefined : value })}
            data={[
              { value: 'cards', label: t('view.cards') },
              { value: 'list', label: t('view.list') },
            ]}
          />
          <Button component="a" href={dcatAddress(project)} download="catalogue.jsonld" variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            {t('export.dcat')}
          </Button>
          <Button component="a" href={lineageAddress(project)} download="lineage.ndjson" variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            {t('export.lineage')}
          </Button>
        </Group>
      </Group>
      {view === 'list' ? <List project={project} pages={pages} /> : <Cards project={project} pages={pages} />}
      <Nodes project={project} />
    </Stack>
  )
}

interface PartProps {
  readonly project: string
  readonly pages: ReturnType<typeof cataloguePages>
}

const pathOf = (project: string, { reference }: Listed) => `/custody/catalogue/${encodeURIComponent(reference)}?project=${project}`

function Access({ table }: { readonly table: Pick<Listed, 'access'> }) {
  const { t } = useTranslation('custody.catalogue')
  return <StateChip tone={table.access === 'full' ? 'permit' : 'neutral'}>{t(`access.${table.access}`)}</StateChip>
}

function Cards({ project, pages }: PartProps) {
  const { t } = useTranslation('custody.catalogue')
  const format = useFormat()
  useLive(catalogueNews, catalogueKey)
  const query = useInfiniteQuery(pages())
  return (
    <QueryView query={query}>
      {(data) => {
        const all = data.pages.flatMap((page) => page.data)
        if (all.length === 0) return <EmptyState title={t('empty.title')} about={t('empty.about')} />
        return (
          <Stack gap="md">
            <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
              {all.map((table) => (
                <Card key={table.reference} name={table.title} chips={<Access table={table} />} actions={null}>
                  <Text>{table.description ?? t('object.about', { reference: table.reference })}</Text>
                  <Text size="sm" c="dimmed">
                    <code>{table.reference}</code>
                    {table.columns === null ? null : ` · ${t('columnsCount')}: ${format.number(table.columns)}`}
                    {table.rows === null ? null : ` · ${t('rows')}: ${format.number(table.rows)}`}
                  </Text>
                  <Anchor component={Link} to={pathOf(project, table)}>
                    {t('openOne', { title: table.title })}
                  </Anchor>
                </Card>
              ))}
            </SimpleGrid>
            {query.hasNextPage ? (
              <div>
                <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t('more')}
                </Button>
              </div>
            ) : null}
          </Stack>
        )
      }}
    </QueryView>
  )
}

function List({ project, pages }: PartProps) {
  const { t } = useTranslation('custody.catalogue')
  const format = useFormat()
  const columns = useMemo(
    (): ListColumn<Listed>[] => [
      { name: 'title', label: t('name'), value: (row) => row.title, width: 260, phone: true },
      { name: 'access', label: t('access.label'), value: (row) => row.access, cell: (row) => <Access table={row} />, width: 170, phone: true },
      { name: 'reference', label: t('reference'), value: (row) => row.reference, cell: (row) => <code>{row.reference}</code>, width: 220 },
      {
        name: 'columns',
        label: t('columnsCount'),
        value: (row) => row.columns,
        cell: (row) => (row.columns === null ? '–' : format.number(row.columns)),
        numeric: true,
        width: 110,
      },
      {
        name: 'rows',
        label: t('rows'),
        value: (row) => row.rows,
        cell: (row) => (row.rows === null ? '–' : format.number(row.rows)),
        numeric: true,
        width: 120,
      },
    ],
    [t, format],
  )
  return (
    <RecordList
      name="catalogue"
      label={t('title')}
      columns={columns}
      pages={pages}
      live={catalogueNews}
      rowId={(row) => row.reference}
      open={(row) => pathOf(project, row)}
      empty={<EmptyState title={t('empty.title')} about={t('empty.about')} />}
    />
  )
}
