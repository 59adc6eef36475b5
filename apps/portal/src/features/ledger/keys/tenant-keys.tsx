import { Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import type { TenantKey } from './queries.ts'

const tones: Readonly<Record<'current' | 'emptying' | 'empty' | 'destroyed', Tone>> = {
  current: 'permit',
  emptying: 'info',
  empty: 'info',
  destroyed: 'neutral',
}

export function TenantKeys({ keys, newest }: { readonly keys: readonly TenantKey[]; readonly newest: number }) {
  const { t } = useTranslation('ledger.keys')
  const format = useFormat()
  const rows = [...keys].sort((left, right) => right.version - left.version)
  return (
    <Stack component="section" gap="sm" aria-labelledby="tenant-keys">
      <Title order={2} id="tenant-keys">
        {t('tenant.title')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('tenant.about')}
      </Text>
      {rows.length === 0 ? (
        <Text>{t('tenant.none')}</Text>
      ) : (
        <WideTable label={t('tenant.title')} minWidth={680}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('tenant.version')}</Table.Th>
              <Table.Th scope="col">{t('stateLabel')}</Table.Th>
              <Table.Th scope="col">{t('tenant.made')}</Table.Th>
              <Table.Th scope="col" ta="end">
                {t('tenant.epoch')}
              </Table.Th>
              <Table.Th scope="col">{t('tenant.under')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ version, epoch, created_at, destroyed_at, under }) => {
              const state = destroyed_at !== null ? 'destroyed' : version === newest ? 'current' : under.length === 0 ? 'empty' : 'emptying'
              return (
                <Table.Tr key={version}>
                  <Table.Th scope="row">{t('version', { version })}</Table.Th>
                  <Table.Td>
                    <StateChip tone={tones[state]}>{t(`tenant.state.${state}`)}</StateChip>
                    {destroyed_at === null ? null : (
                      <Text size="sm" c="dimmed">
                        <Moment at={destroyed_at} />
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Moment at={created_at} />
                  </Table.Td>
                  <Table.Td ta="end">{epoch === null ? '–' : format.number(epoch)}</Table.Td>
                  <Table.Td>
                    {under.length === 0
                      ? t('tenant.nothing')
                      : under.map(({ table, count }) => (
                          <div key={table}>
                            {format.number(count)} · {t(`tenant.tables.${table.replace('.', '-')}`, table)}
                          </div>
                        ))}
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </WideTable>
      )}
    </Stack>
  )
}
