import { Anchor, Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { levelsOf, type TreeLevel } from '../../../ui/evidence/tree-levels.ts'
import { WideTable } from '../../../ui/wide-table.tsx'

/** The files that the log is made of (C2SP tlog-tiles), level by level, the newest of each to take away. */
export function Tree({ origin, size }: { readonly origin: string; readonly size: number }) {
  const { t } = useTranslation('ledger.log')
  const format = useFormat()
  const folder = `/logs/${origin.split('/')[1] ?? ''}`
  const name = ({ level }: TreeLevel) =>
    level === 'entries' ? t('tree.entries') : level === 0 ? t('tree.leaves') : t('tree.level', { level: format.number(level) })
  return (
    <Stack component="section" gap="sm" aria-labelledby="tree">
      <Title order={2} id="tree">
        {t('tree.title')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('tree.about')}
      </Text>
      {size === 0 ? null : (
        <WideTable label={t('tree.title')} minWidth={620}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('tree.what')}</Table.Th>
              <Table.Th scope="col" ta="end">
                {t('tree.hashes')}
              </Table.Th>
              <Table.Th scope="col" ta="end">
                {t('tree.full')}
              </Table.Th>
              <Table.Th scope="col" ta="end">
                {t('tree.begun')}
              </Table.Th>
              <Table.Th scope="col">{t('tree.newest')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {levelsOf(size).map((level) => (
              <Table.Tr key={level.level}>
                <Table.Th scope="row">{name(level)}</Table.Th>
                <Table.Td ta="end">{format.number(level.count)}</Table.Td>
                <Table.Td ta="end">{format.number(level.full)}</Table.Td>
                <Table.Td ta="end">{level.begun === 0 ? '–' : t('tree.of', { number: format.number(level.begun) })}</Table.Td>
                <Table.Td>
                  <Anchor href={`${folder}/${level.newest}`} download={level.newest.replaceAll('/', '-')}>
                    <code>{level.newest}</code>
                  </Anchor>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      <Text size="sm" maw={720}>
        {t('tree.keep')} <code>gatehouse log export DIR</code>
      </Text>
    </Stack>
  )
}
