import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Entry } from '../../api.ts'
import { useFormat } from '../../i18n/format.ts'
import { Copyable } from '../copyable.tsx'
import { Facts } from '../facts.tsx'
import { QueryView } from '../query-view.tsx'
import { save } from '../record-list/export.ts'
import { ProblemAlert } from '../states.tsx'
import { bundleOf } from './bundle.ts'
import { LogKey } from './log-key.tsx'
import { MerklePath } from './merkle-path.tsx'
import { type CheckedEntry, entryEvidence, readTlogProof } from './queries.ts'
import { FaultVerdict, faultOf, GoodVerdict } from './verdict.tsx'

/** Whether an entry stands in the log, found out in this browser by the independent verifier. */
export function EntryEvidence({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation()
  const query = useQuery(entryEvidence(entry))
  return (
    <Stack gap="lg">
      <Text maw={720}>{t('evidence.about')}</Text>
      <QueryView query={query}>{(checked) => <Shown checked={checked} />}</QueryView>
    </Stack>
  )
}

function Shown({ checked }: { readonly checked: CheckedEntry }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { entry, proof, log, inclusion } = checked
  const fault = faultOf(checked)
  // Of a note that cannot be trusted nothing is shown but the note itself.
  const signed = inclusion.good ? inclusion : log.good ? log : undefined
  const origin = signed?.origin ?? (log.good ? undefined : log.origin)
  const told = t(`entry.${entry.body.type.replaceAll('.', '-')}`, entry.body.type)
  const keep = () => {
    const bundle = bundleOf(proof, origin ?? '', told, new Date().toISOString())
    save(`entry-${String(proof.index)}.evidence.json`, 'application/json', `${JSON.stringify(bundle, null, 2)}\n`)
  }
  const tlogProof = useMutation({
    mutationFn: async () => save(`entry-${String(proof.index)}.tlog-proof`, 'text/plain', await readTlogProof(entry.id)),
  })
  return (
    <>
      <ProblemAlert error={tlogProof.error} />
      {fault === undefined && log.good ? (
        <GoodVerdict log={log}>{t('evidence.included', { index: format.number(proof.index), size: format.number(log.size) })}</GoodVerdict>
      ) : fault === undefined ? null : (
        <FaultVerdict fault={fault} />
      )}
      <Group gap="xs">
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={keep}>
          {t('evidence.download')}
        </Button>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => tlogProof.mutate()} loading={tlogProof.isPending}>
          {t('evidence.tlogProof')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('evidence.downloadAbout')} <code>gatehouse-verify</code>
        </Text>
      </Group>
      <Facts
        facts={[
          { label: t('evidence.log'), value: origin },
          { label: t('evidence.index'), value: format.number(proof.index) },
          { label: t('evidence.size'), value: signed === undefined ? null : format.number(signed.size) },
          { label: t('evidence.keyId'), value: signed === undefined ? null : <code>{signed.keyId}</code> },
        ]}
      />
      {inclusion.path === undefined ? null : <MerklePath path={inclusion.path} signedRoot={signed?.root} />}
      <div>
        <Text fw={600} mb="xs">
          {t('evidence.checkpoint')}
        </Text>
        <Copyable text={proof.checkpoint} label={t('evidence.checkpoint')} />
      </div>
      {origin === undefined ? null : <LogKey vkey={proof.vkey} origin={origin} />}
    </>
  )
}
