import { Stack, Table, Text, Title } from '@mantine/core'
import { IconSearchOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { type RecordType, recordTypesKey, recordTypesQuery } from './queries.ts'

export function RecordTypePage() {
  const { t } = useTranslation('custody.record-types')
  const { recordType = '' } = useParams({ strict: false }) as { recordType?: string }
  useLive(['vault.plan_import'], recordTypesKey)
  return (
    <QueryView whole query={useQuery(recordTypesQuery)}>
      {(types) => {
        const versions = types.filter(({ record_type }) => record_type === recordType).sort((a, b) => b.version - a.version)
        return versions.length === 0 ? (
          <EmptyState whole icon={IconSearchOff} title={t('notThere.title')} about={t('notThere.about')} />
        ) : (
          <Page title={recordType} about={t('aboutOne', { count: versions.length })}>
            <Stack gap="xl">
              {versions.map((type) => (
                <Version key={type.version} type={type} />
              ))}
            </Stack>
          </Page>
        )
      }}
    </QueryView>
  )
}

function Version({ type }: { readonly type: RecordType }) {
  const { t } = useTranslation('custody.record-types')
  const id = `version-${String(type.version)}`
  return (
    <section aria-labelledby={id}>
      <Title order={2} id={id}>
        {t('versionOne', { version: type.version })}
      </Title>
      <Text c="dimmed" mb="sm">
        <Moment at={type.created_at} /> · {type.subject_column === null ? t('noSubject') : t('subjectOne', { column: type.subject_column })}
      </Text>
      <Table.ScrollContainer minWidth={480} type="native" tabIndex={0} role="group" aria-labelledby={id}>
        <Table aria-labelledby={id}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('field')}</Table.Th>
              <Table.Th scope="col">{t('typeLabel')}</Table.Th>
              <Table.Th scope="col">{t('semantic')}</Table.Th>
              <Table.Th scope="col">{t('sensitivityLabel')}</Table.Th>
              <Table.Th scope="col">{t('nullable')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {type.fields.map((field) => (
              <Table.Tr key={field.name}>
                <Table.Th scope="row">{field.name}</Table.Th>
                <Table.Td>{t(`type.${field.type}`)}</Table.Td>
                <Table.Td>{field.semantic === undefined ? '–' : <code>{field.semantic}</code>}</Table.Td>
                <Table.Td>{t(`sensitivity.${field.sensitivity}`)}</Table.Td>
                <Table.Td>{t(field.nullable ? 'mayBeEmpty' : 'mustBeThere')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  )
}
