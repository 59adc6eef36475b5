import { Alert, Button, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { IconRoute } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { Chart } from '../../../ui/chart/chart.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Flow } from '../../../ui/flow/flow.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { WithProject } from '../../../ui/project-choice.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Section } from '../../../ui/section.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { useSemanticName, useTypeName } from '../imports/column-words.ts'
import { catalogueKey, catalogueNews, type Described, tableQuery } from './queries.ts'

/** One table of the catalogue, as far as the project may know it. */
export function CatalogueTable() {
  const { t } = useTranslation('custody.catalogue')
  const { reference = '' } = useParams({ strict: false }) as { reference?: string }
  useLive(catalogueNews, catalogueKey)
  return (
    <Page title={reference} about={t('object.about', { reference })}>
      <WithProject>{(project) => <Found key={project.id} project={project.id} reference={reference} />}</WithProject>
    </Page>
  )
}

function Found({ project, reference }: { readonly project: string; readonly reference: string }) {
  return <QueryView query={useQuery(tableQuery(project, reference))}>{(table) => <Shown project={project} table={table} />}</QueryView>
}

function Shown({ project, table }: { readonly project: string; readonly table: Described }) {
  const { t } = useTranslation('custody.catalogue')
  const format = useFormat()
  const can = useCan()
  return (
    <Stack gap="xl">
      <Text fw={600} size="lg">
        {table.title} <StateChip tone={table.access === 'full' ? 'permit' : 'neutral'}>{t(`access.${table.access}`)}</StateChip>
      </Text>
      {table.description === null ? null : <Text maw={720}>{table.description}</Text>}
      {table.access === 'full' ? null : <Alert variant="default">{t('access.about')}</Alert>}
      {table.access === 'full' && can('create', 'query_plan') ? (
        <div>
          <Button component={Link} to={`/exchange/plans/new?project=${project}`} leftSection={<IconRoute size={16} aria-hidden />}>
            {t('plan')}
          </Button>
        </div>
      ) : null}
      <Facts
        facts={[
          { label: t('rows'), value: table.rows === null ? t('rowsHidden') : format.number(table.rows) },
          { label: t('key'), value: table.key.length === 0 ? null : format.list(table.key) },
          { label: t('floor'), value: table.floor === null ? null : format.number(table.floor) },
          { label: t('schemaVersion'), value: table.schema_version === null ? null : format.number(table.schema_version) },
        ]}
      />
      <Offers table={table} />
      <Columns table={table} />
      <Profile table={table} />
      <Lineage table={table} />
    </Stack>
  )
}

function Offers({ table }: { readonly table: Described }) {
  const { t } = useTranslation('custody.catalogue')
  const format = useFormat()
  return (
    <Section id="offers" title={t('offers.title')} about={t('offers.about')}>
      {table.offers.length === 0 ? <Text c="dimmed">{t('offers.none')}</Text> : null}
      {table.offers.map((offer) => (
        <div key={offer.policy}>
          <Text fw={600}>
            {offer.title} <StateChip tone={offer.permits ? 'permit' : 'neutral'}>{t(offer.permits ? 'offers.permits' : 'offers.denies')}</StateChip>
          </Text>
          <Text>{t('offers.forms', { forms: format.list(offer.forms.map((form) => t(`offers.form.${form}`))) })}</Text>
          <Text>{t('offers.purposes', { purposes: format.list(offer.purposes) })}</Text>
          {offer.until === null ? null : (
            <Text>
              {t('offers.until')} <Moment at={offer.until} />
            </Text>
          )}
        </div>
      ))}
    </Section>
  )
}

function Columns({ table }: { readonly table: Described }) {
  const { t } = useTranslation('custody.catalogue')
  const [semanticName, typeName] = [useSemanticName(), useTypeName()]
  const format = useFormat()
  if (table.columns === null) return null
  const profiled = new Map(table.profile?.columns.map((column) => [column.name, column]))
  return (
    <Section id="columns" title={t('columns.title')}>
      <WideTable label={t('columns.title')} minWidth={720}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('columns.name')}</Table.Th>
            <Table.Th scope="col">{t('columns.type')}</Table.Th>
            <Table.Th scope="col">{t('columns.semantic')}</Table.Th>
            <Table.Th scope="col">{t('columns.role')}</Table.Th>
            <Table.Th scope="col" ta="end">
              {t('columns.weight')}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {t('columns.missing')}
            </Table.Th>
            <Table.Th scope="col">{t('columns.distinct')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {table.columns.map((column) => {
            const profile = profiled.get(column.name)
            return (
              <Table.Tr key={column.name}>
                <Table.Th scope="row">{column.name}</Table.Th>
                <Table.Td>{typeName(column.type)}</Table.Td>
                <Table.Td>{column.semantic === null ? '–' : semanticName(column.semantic)}</Table.Td>
                <Table.Td>{t(`role.${column.identifier_role}`)}</Table.Td>
                <Table.Td ta="end">{column.weight_hint === null ? '–' : format.number(column.weight_hint)}</Table.Td>
                <Table.Td ta="end">{profile === undefined ? '–' : format.percent(profile.missing)}</Table.Td>
                <Table.Td>
                  {profile === undefined ? '–' : t(`profile.bands.${profile.distinct}`)}
                  {profile?.min === undefined || profile.max === undefined
                    ? null
                    : ` (${t('profile.range', { min: format.number(profile.min), max: format.number(profile.max) })})`}
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </WideTable>
    </Section>
  )
}

/** Small pictures of what values are common, as far as they are about enough people. */
function Profile({ table: { profile, access } }: { readonly table: Described }) {
  const { t } = useTranslation('custody.catalogue')
  const format = useFormat()
  if (access !== 'full') return null
  if (profile === null) return <Text c="dimmed">{t('profile.none')}</Text>
  const drawn = profile.columns.flatMap(({ name, categories, other }) =>
    categories === undefined || categories.length === 0 ? [] : [{ name, categories, other: other ?? 0 }],
  )
  return (
    <Section id="profile" title={t('profile.title')} about={t('profile.about', { floor: format.number(profile.floor) })}>
      {profile.rows === null ? <Text>{t('profile.few')}</Text> : null}
      {profile.sampled ? <Text c="dimmed">{t('profile.sampled')}</Text> : null}
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
        {drawn.map(({ name, categories, other }) => (
          <Chart
            key={name}
            height={180}
            title={t('profile.commonest', { column: name, value: categories[0]?.value ?? '–' })}
            unit={t('profile.share')}
            data={{
              kind: 'bar',
              xLabel: t('profile.value'),
              x: [...categories.map(({ value }) => value), ...(other > 0 ? [t('profile.others')] : [])],
              series: [
                { name, values: [...categories.map(({ share }) => Math.round(share * 1_000) / 10), ...(other > 0 ? [Math.round(other * 1_000) / 10] : [])] },
              ],
            }}
          />
        ))}
      </SimpleGrid>
    </Section>
  )
}

function Lineage({ table: { reference, lineage } }: { readonly table: Described }) {
  const { t } = useTranslation('custody.catalogue')
  if (lineage === null) return null
  const inputs = lineage.inputs.map((one) => ({ id: `in ${one.reference}`, label: one.reference }))
  const outputs = lineage.outputs.map((one) => ({ id: `out ${one.reference}`, label: one.reference }))
  return (
    <Section id="lineage" title={t('lineage.title')}>
      {inputs.length + outputs.length === 0 ? (
        <Text c="dimmed">{t('lineage.none')}</Text>
      ) : (
        <Flow
          title={t('lineage.picture')}
          nodes={[...inputs, { id: 'this', label: reference }, ...outputs]}
          edges={[...inputs.map(({ id }) => ({ from: id, to: 'this' })), ...outputs.map(({ id }) => ({ from: 'this', to: id }))]}
        />
      )}
    </Section>
  )
}
