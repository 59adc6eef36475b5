import { Button, Group, Stack, Table } from '@mantine/core'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { type Credential, changeStatus, credentialPages } from './queries.ts'

const tones = { valid: 'permit', suspended: 'attention', revoked: 'deny' } as const

export function Issued() {
  const { t } = useTranslation('ledger.credentials')
  const can = useCan()
  const query = useInfiniteQuery(credentialPages())
  const may = can('update', 'credential')
  return (
    <QueryView query={query}>
      {({ pages }) => {
        const all = pages.flatMap(({ data }) => data)
        if (all.length === 0) return <EmptyState title={t('issued.empty')} about={t('issued.emptyAbout')} />
        return (
          <Stack gap="md">
            <WideTable label={t('tabs.issued')} minWidth={760}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('type')}</Table.Th>
                  <Table.Th scope="col">{t('status')}</Table.Th>
                  <Table.Th scope="col">{t('issued.person')}</Table.Th>
                  <Table.Th scope="col">{t('issued.at')}</Table.Th>
                  <Table.Th scope="col">{t('issued.until')}</Table.Th>
                  {may ? <Table.Th scope="col">{t('issued.acts')}</Table.Th> : null}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.map((row) => (
                  <Table.Tr key={row.id}>
                    <Table.Td>{row.name}</Table.Td>
                    <Table.Td>
                      <StateChip tone={tones[row.status]}>{t(`statuses.${row.status}`)}</StateChip>
                    </Table.Td>
                    <Table.Td>
                      <code>{shortened(row.subject)}</code>
                    </Table.Td>
                    <Table.Td>
                      <Moment at={row.issued_at} />
                    </Table.Td>
                    <Table.Td>
                      <Moment at={row.expires_at} />
                    </Table.Td>
                    {may ? (
                      <Table.Td>
                        <Acts row={row} />
                      </Table.Td>
                    ) : null}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
            {query.hasNextPage ? (
              <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
                {t('earlier')}
              </Button>
            ) : null}
          </Stack>
        )
      }}
    </QueryView>
  )
}

function Acts({ row }: { readonly row: Credential }) {
  const { t } = useTranslation('ledger.credentials')
  const changing = useMutation({ mutationFn: (status: Credential['status']) => changeStatus(row.id, status) })
  if (row.status === 'revoked') return null
  const next = row.status === 'valid' ? 'suspended' : 'valid'
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        <Button variant="default" loading={changing.isPending} onClick={() => changing.mutate(next)}>
          {t(`issued.to.${next}`)}
        </Button>
        <ConfirmButton
          label={t('revoke.label')}
          title={t('revoke.title')}
          consequence={t('revoke.consequence')}
          confirm={t('revoke.confirm')}
          act={() => changeStatus(row.id, 'revoked')}
        />
      </Group>
      <ProblemAlert error={changing.error} />
    </>
  )
}
