import { Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { Copyable } from '../../../ui/copyable.tsx'
import { LogKey } from '../../../ui/evidence/log-key.tsx'
import { evidenceKey, type LogEvidence, logEvidence } from '../../../ui/evidence/queries.ts'
import { FaultVerdict, GoodVerdict } from '../../../ui/evidence/verdict.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { coveredUntil } from './queries.ts'
import { Recompute } from './recompute.tsx'

export function VerifyPage() {
  const { t } = useTranslation('ledger.verify')
  useLive(['*'], [...evidenceKey, 'log'])
  const query = useQuery(logEvidence)
  return (
    <Page title={t('title')} about={t('about')}>
      <QueryView query={query}>{(evidence) => <LogState evidence={evidence} />}</QueryView>
    </Page>
  )
}

function LogState({ evidence: { stated, log } }: { readonly evidence: LogEvidence }) {
  const { t } = useTranslation('ledger.verify')
  const format = useFormat()
  const { data: until } = useQuery({ ...coveredUntil(stated.size), placeholderData: (before) => before })
  return (
    <Stack gap="xl">
      {log.good ? <GoodVerdict log={log}>{t('evidence.current', { size: format.number(log.size) })}</GoodVerdict> : <FaultVerdict fault={log} />}
      <section aria-labelledby="state">
        <Title order={2} id="state" mb="sm">
          {t('state')}
        </Title>
        <Stack gap="md">
          <Facts
            facts={[
              { label: t('evidence.log'), value: log.origin },
              { label: t('evidence.size'), value: format.number(stated.size) },
              { label: t('covers'), value: until == null ? null : <Moment at={until} /> },
              { label: t('evidence.keyId'), value: log.good ? <code>{log.keyId}</code> : null },
              { label: t('evidence.root'), value: log.good ? <code>{log.root}</code> : null },
            ]}
          />
          <Text>{t('keep')}</Text>
          <Copyable text={stated.checkpoint} label={t('evidence.checkpoint')} />
        </Stack>
      </section>
      <Recompute origin={log.origin} />
      {log.origin === undefined ? null : <LogKey vkey={stated.vkey} origin={log.origin} />}
    </Stack>
  )
}
