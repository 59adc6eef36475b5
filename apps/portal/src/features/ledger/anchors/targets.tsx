import { Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { removeTarget, type Target } from './queries.ts'

export function Targets({ targets }: { readonly targets: readonly Target[] }) {
  const { t } = useTranslation('ledger.anchors')
  const format = useFormat()
  const can = useCan()
  return (
    <Stack component="section" gap="sm" aria-labelledby="targets">
      <Title order={2} id="targets">
        {t('targets.title')}
      </Title>
      <WideTable label={t('targets.title')} minWidth={820}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('targets.name')}</Table.Th>
            <Table.Th scope="col">{t('stateLabel')}</Table.Th>
            <Table.Th scope="col">{t('targets.where')}</Table.Th>
            <Table.Th scope="col">{t('targets.every')}</Table.Th>
            <Table.Th scope="col">{t('targets.last')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {targets.map((target) => (
            <Table.Tr key={target.id}>
              <Table.Th scope="row">
                {target.name}
                <Text size="sm" c="dimmed" fw={400}>
                  {t(`kind.${target.kind}`)}
                </Text>
              </Table.Th>
              <Table.Td>
                <TargetState target={target} />
                {target.fault === null ? null : (
                  <Text size="sm" mt={4} maw={280}>
                    {t(`fault.${target.fault}`)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Text size="sm">{target.host}</Text>
                {target.chain_id === null ? null : <Text size="sm">{t('targets.chain', { id: String(target.chain_id) })}</Text>}
                {target.account === null ? null : (
                  <Text size="sm" component="div">
                    {t('targets.account')} <ShortId id={target.account} />
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{format.duration(target.every_minutes * 60_000)}</Table.Td>
              <Table.Td>
                {target.last_size === null || target.last_confirmed_at === null ? (
                  t('targets.nothing')
                ) : (
                  <>
                    {t('targets.size', { size: format.number(target.last_size) })} <Moment at={target.last_confirmed_at} />
                  </>
                )}
              </Table.Td>
              <Table.Td ta="end">
                {target.state === 'active' && can('delete', 'anchor') ? (
                  <ConfirmButton
                    label={t('remove.label')}
                    title={t('remove.title', { name: target.name })}
                    consequence={t('remove.consequence')}
                    confirm={t('remove.confirm')}
                    act={() => removeTarget(target.id)}
                  />
                ) : null}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
    </Stack>
  )
}

function TargetState({ target: { state, fault, waiting } }: { readonly target: Target }) {
  const { t } = useTranslation('ledger.anchors')
  if (state === 'removed') return <StateChip tone="neutral">{t('targets.removed')}</StateChip>
  if (fault !== null) return <StateChip tone="deny">{t('targets.failing')}</StateChip>
  return waiting > 0 ? <StateChip tone="info">{t('targets.waiting', { count: waiting })}</StateChip> : <StateChip tone="permit">{t('targets.good')}</StateChip>
}
