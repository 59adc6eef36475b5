import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import type { Publication } from './queries.ts'

export function Sets({ publication: { published_at, entry, sets } }: { readonly publication: Publication }) {
  const { t } = useTranslation('ledger.consent-proofs')
  const format = useFormat()
  const [small, large] = [sets.filter(({ provable }) => !provable).length, sets.filter(({ provable }) => provable).length]
  return (
    <>
      <Text component="div">
        {t('sets.published')} <Moment at={published_at} /> · <ShortId id={entry} kind="entry" />
      </Text>
      {sets.length === 0 ? <Text>{t('sets.empty')}</Text> : null}
      {sets.length === 0 ? null : (
        <WideTable label={t('sets.title')} minWidth={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('grantee')}</Table.Th>
              <Table.Th scope="col">{t('scope')}</Table.Th>
              <Table.Th scope="col">{t('expiry')}</Table.Th>
              <Table.Th scope="col" ta="end">
                {t('sets.members')}
              </Table.Th>
              <Table.Th scope="col">{t('sets.provable')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sets.map(({ grantee, scope, expiry, members, provable }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: sets of one group differ by their place only
              <Table.Tr key={at}>
                <Table.Th scope="row">{grantee === '*' ? t('everybody') : grantee}</Table.Th>
                <Table.Td>{scope}</Table.Td>
                <Table.Td>{expiry === 'none' ? t('noEnd') : format.month(expiry)}</Table.Td>
                <Table.Td ta="end">{members === null ? t('sets.few') : format.number(members)}</Table.Td>
                <Table.Td>
                  <StateChip tone={provable ? 'permit' : 'attention'}>{t(provable ? 'sets.yes' : 'sets.no')}</StateChip>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      {small === 0 ? null : (
        <Text maw={720} role="note">
          {t('sets.refusal', { count: small, large: format.number(large) })}
        </Text>
      )}
    </>
  )
}
