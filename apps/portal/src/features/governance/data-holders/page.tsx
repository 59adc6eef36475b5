import { Button, Select, Table, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { Form } from '../identity/form.tsx'
import { ThingFields, type ThingKind } from '../projects/thing-fields.tsx'
import { dataHoldersKey, dataHoldersQuery, dismissHolder, type Holder, nameHolder, teamsQuery } from './queries.ts'

export function DataHoldersPage() {
  const { t } = useTranslation('governance.data-holders')
  const can = useCan()
  const [naming, { open, close }] = useDisclosure()
  useLive(['projects.*'], dataHoldersKey)
  const { data: teams } = useQuery({ ...teamsQuery, enabled: can('read', 'team') })
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        can('update', 'data_holder') ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('name.open')}
          </Button>
        ) : undefined
      }
    >
      <QueryView query={useQuery(dataHoldersQuery)}>
        {(holders) =>
          holders.length === 0 ? (
            <EmptyState title={t('empty.title')} about={t('empty.about')} />
          ) : (
            <WideTable label={t('title')} minWidth={560}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('reference')}</Table.Th>
                  <Table.Th scope="col">{t('kindLabel')}</Table.Th>
                  <Table.Th scope="col">{t('team')}</Table.Th>
                  <Table.Th scope="col">{t('since')}</Table.Th>
                  <Table.Td />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {holders.map((holder) => (
                  <Table.Tr key={`${holder.kind} ${holder.reference}`}>
                    <Table.Th scope="row">
                      <code>{holder.reference}</code>
                    </Table.Th>
                    <Table.Td>{t(`kind.${holder.kind}`)}</Table.Td>
                    <Table.Td>
                      {teams?.find(({ id }) => id === holder.team)?.name} <ShortId id={holder.team} />
                    </Table.Td>
                    <Table.Td>
                      <Moment at={holder.named_at} />
                    </Table.Td>
                    <Table.Td ta="end">
                      {can('delete', 'data_holder') ? (
                        <ConfirmButton
                          label={t('dismiss.label')}
                          title={t('dismiss.title', { reference: holder.reference })}
                          consequence={t('dismiss.consequence')}
                          confirm={t('dismiss.confirm')}
                          act={async () => void say((await dismissHolder(holder)) ? t('dismiss.done') : t('pending'))}
                        />
                      ) : null}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
          )
        }
      </QueryView>
      {naming ? <NameHolder onClose={close} /> : null}
    </Page>
  )
}

function NameHolder({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('governance.data-holders')
  const can = useCan()
  const { data: teams } = useQuery({ ...teamsQuery, enabled: can('read', 'team') })
  const [kind, setKind] = useState<ThingKind>('record_type')
  const [reference, setReference] = useState('')
  const [team, setTeam] = useState<string | null>(null)
  const naming = useMutation({
    mutationFn: () => nameHolder({ kind, reference, team: (team ?? '') as Holder['team'] }),
    onSuccess: (isDone) => {
      void say(isDone ? t('name.done') : t('pending'))
      onClose()
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t('name.open')}>
      <Form onSubmit={() => naming.mutate()} submit={t('name.submit')} pending={naming.isPending} error={naming.error} disabled={team === null || team === ''}>
        <ThingFields
          kind={kind}
          onKind={setKind}
          reference={reference}
          onReference={setReference}
          words={{ kindLabel: t('kindLabel'), kind: (one) => t(`kind.${one}`), reference: t('reference') }}
        />
        {can('read', 'team') ? (
          <Select
            label={t('team')}
            description={t('teamHint')}
            required
            searchable
            data={(teams ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={team}
            onChange={setTeam}
          />
        ) : (
          <TextInput
            label={t('teamId')}
            description={t('teamHint')}
            required
            maxLength={36}
            value={team ?? ''}
            onChange={(event) => setTeam(event.currentTarget.value.trim())}
          />
        )}
      </Form>
    </Dialog>
  )
}
