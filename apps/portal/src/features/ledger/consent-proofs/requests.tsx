import { Button, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { saveProof } from './proofs.tsx'
import { cancelRequest, isOpen, type LargeRequest, readProof, requestsQuery } from './queries.ts'

const tones: Readonly<Record<LargeRequest['state'], Tone>> = { queued: 'info', proving: 'info', made: 'permit', failed: 'deny', cancelled: 'neutral' }
const stages: readonly LargeRequest['stage'][] = ['gathering', 'tree', 'compiling', 'proving']

/** Proofs over large sets, which a job makes. Who they are about is shown to nobody. */
export function Requests() {
  const { t } = useTranslation('ledger.consent-proofs')
  const query = useQuery(requestsQuery)
  return (
    <Stack component="section" gap="sm" aria-labelledby="requests">
      <Title order={2} id="requests">
        {t('requests.title')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('requests.about')}
      </Text>
      <QueryView query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Text>{t('requests.none')}</Text>
          ) : (
            <WideTable label={t('requests.title')} minWidth={820}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('requests.asked')}</Table.Th>
                  <Table.Th scope="col">{t('stateLabel')}</Table.Th>
                  <Table.Th scope="col">{t('grantee')}</Table.Th>
                  <Table.Th scope="col">{t('scope')}</Table.Th>
                  <Table.Th scope="col">{t('verifier')}</Table.Th>
                  <Table.Th scope="col" ta="end">
                    {t('sets.members')}
                  </Table.Th>
                  <Table.Td />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.map((request) => (
                  <Request key={request.id} request={request} />
                ))}
              </Table.Tbody>
            </WideTable>
          )
        }
      </QueryView>
    </Stack>
  )
}

function Request({ request }: { readonly request: LargeRequest }) {
  const { t } = useTranslation('ledger.consent-proofs')
  const format = useFormat()
  const { state, stage, reason, grantee, purpose, data_class, verifier, members, asked_at } = request
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <Moment at={asked_at} />
      </Table.Th>
      <Table.Td>
        <StateChip tone={tones[state]}>{t(`requests.state.${state}`)}</StateChip>
        {stage === null ? null : (
          <Text size="sm" mt={4} maw={280}>
            {t('requests.step', { step: stages.indexOf(stage) + 1, steps: stages.length })} {t(`requests.stage.${stage}`)}
          </Text>
        )}
        {reason === null ? null : (
          <Text size="sm" mt={4} maw={280}>
            {t(`requests.reason.${reason}`)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{grantee === '*' ? t('everybody') : grantee}</Table.Td>
      <Table.Td>
        {purpose} {data_class}
      </Table.Td>
      <Table.Td>{verifier}</Table.Td>
      <Table.Td ta="end">{members === null ? '–' : format.number(members)}</Table.Td>
      <Table.Td ta="end">
        <Act request={request} />
      </Table.Td>
    </Table.Tr>
  )
}

/** What one can do about it: cancel it while it is open, and then take its file. */
function Act({ request }: { readonly request: LargeRequest }) {
  const { t } = useTranslation('ledger.consent-proofs')
  const can = useCan()
  const { id, proof } = request
  const download = useMutation({ mutationFn: async (proof: string) => saveProof(proof, await readProof(proof)) })
  if (proof !== null)
    return (
      <>
        <Button size="compact-sm" variant="default" onClick={() => download.mutate(proof)} aria-label={t('proofs.download', { id: shortened(proof) })}>
          {t('proofs.save')}
        </Button>
        <ProblemAlert error={download.error} />
      </>
    )
  if (!isOpen(request) || !can('create', 'proof')) return null
  return (
    <ConfirmButton
      label={t('requests.cancel.label')}
      title={t('requests.cancel.title')}
      consequence={t('requests.cancel.consequence')}
      confirm={t('requests.cancel.confirm')}
      act={() => cancelRequest(id)}
    />
  )
}
