import { Button, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Moment } from '../../../ui/moment.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { save } from '../../../ui/record-list/export.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { shortened } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { type Proof, proofNews, proofPages, readProof } from './queries.ts'

export const saveProof = (name: string, document: unknown) => save(`${name}.consent-proof.json`, 'application/json', `${JSON.stringify(document, null, 2)}\n`)

export function Proofs() {
  const { t } = useTranslation('ledger.consent-proofs')
  const format = useFormat()
  const download = useMutation({ mutationFn: async (id: string) => saveProof(id, await readProof(id)) })
  const { mutate } = download
  const columns = useMemo(
    (): ListColumn<Proof>[] => [
      { name: 'id', label: t('proofs.id'), value: (row) => row.id, cell: (row) => <code>{shortened(row.id)}</code>, width: 130 },
      {
        name: 'batched',
        label: t('stateLabel'),
        value: (row) => t(row.batched ? 'proofs.batched' : 'proofs.waits'),
        cell: (row) => <StateChip tone={row.batched ? 'permit' : 'info'}>{t(row.batched ? 'proofs.batched' : 'proofs.waits')}</StateChip>,
        width: 210,
        phone: true,
      },
      {
        name: 'file',
        label: t('proofs.file'),
        value: () => '',
        cell: (row) => (
          <Button size="compact-sm" variant="default" onClick={() => mutate(row.id)} aria-label={t('proofs.download', { id: shortened(row.id) })}>
            {t('proofs.save')}
          </Button>
        ),
        width: 120,
        phone: true,
      },
      { name: 'system', label: t('proofs.system'), value: (row) => row.system, cell: (row) => <code>{row.system}</code>, width: 200 },
      { name: 'grantee', label: t('grantee'), value: (row) => row.grantee, width: 150 },
      { name: 'scope', label: t('scope'), value: (row) => row.scope, width: 270 },
      {
        name: 'expiry',
        label: t('expiry'),
        value: (row) => (row.expiry === 'any' ? t('anyEnd') : row.expiry === 'none' ? t('noEnd') : format.month(row.expiry)),
        width: 170,
      },
      { name: 'verifier', label: t('verifier'), value: (row) => row.verifier, width: 150 },
      { name: 'made_at', label: t('proofs.made'), value: (row) => row.made_at, cell: (row) => <Moment at={row.made_at} focusable={false} />, width: 140 },
    ],
    [t, format, mutate],
  )
  return (
    <Stack gap="sm">
      <Title order={2}>{t('proofs.title')}</Title>
      <Text c="dimmed" maw={720}>
        {t('proofs.about')}
      </Text>
      <ProblemAlert error={download.error} />
      <RecordList
        name="consent-proofs"
        label={t('proofs.title')}
        columns={columns}
        pages={proofPages}
        live={proofNews}
        rowId={(row) => row.id}
        empty={<EmptyState title={t('proofs.none.title')} about={t('proofs.none.about')} />}
      />
    </Stack>
  )
}
