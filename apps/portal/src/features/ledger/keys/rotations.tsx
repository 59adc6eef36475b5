import { Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import type { Rotation } from './queries.ts'

export function Rotations({ rotations }: { readonly rotations: readonly Rotation[] }) {
  const { t } = useTranslation('ledger.keys')
  const format = useFormat()
  const running = rotations.find(({ moved_at }) => moved_at === null)
  const over = rotations.filter((rotation) => rotation !== running)
  return (
    <Stack component="section" gap="sm" aria-labelledby="rotations">
      <Title order={2} id="rotations">
        {t('rotations.title')}
      </Title>
      {running === undefined ? null : (
        <Progress
          label={t('rotations.running', { version: running.version })}
          done={running.moved}
          of={running.total === 0 ? undefined : running.total}
          now={running.faults === 0 ? t('rotations.noticed') : t('rotations.faults', { count: running.faults })}
        />
      )}
      {rotations.length === 0 ? <Text>{t('rotations.none')}</Text> : null}
      {over.length === 0 ? null : (
        <WideTable label={t('rotations.title')} minWidth={620}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('rotations.to')}</Table.Th>
              <Table.Th scope="col">{t('stateLabel')}</Table.Th>
              <Table.Th scope="col" ta="end">
                {t('rotations.moved')}
              </Table.Th>
              <Table.Th scope="col">{t('rotations.started')}</Table.Th>
              <Table.Th scope="col">{t('rotations.destroyed')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {over.map((rotation) => (
              <Table.Tr key={rotation.version}>
                <Table.Th scope="row">{t('version', { version: rotation.version })}</Table.Th>
                <Table.Td>
                  <State rotation={rotation} />
                </Table.Td>
                <Table.Td ta="end">{format.number(rotation.moved)}</Table.Td>
                <Table.Td>
                  <Moment at={rotation.started_at} />
                </Table.Td>
                <Table.Td>{rotation.destroyed_at === null ? '–' : <Moment at={rotation.destroyed_at} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Stack>
  )
}

function State({ rotation: { faults, destroyed_at } }: { readonly rotation: Rotation }) {
  const { t } = useTranslation('ledger.keys')
  if (faults > 0) return <StateChip tone="deny">{t('rotations.faults', { count: faults })}</StateChip>
  return destroyed_at === null ? <StateChip tone="info">{t('rotations.waits')}</StateChip> : <StateChip tone="permit">{t('rotations.done')}</StateChip>
}
