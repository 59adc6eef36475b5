/** For somebody outside, without an account: is the published log whole, is it the one from before, and is what I hold true? */
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Copyable } from '../../../ui/copyable.tsx'
import { LogKey } from '../../../ui/evidence/log-key.tsx'
import { type OpenedLog, openPublished, recomputePublished } from '../../../ui/evidence/public-log.ts'
import { evidenceKey } from '../../../ui/evidence/queries.ts'
import { ReportView } from '../../../ui/evidence/report-view.tsx'
import { FaultVerdict, GoodVerdict } from '../../../ui/evidence/verdict.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { PublicPage } from '../../../ui/public-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Files } from './files.tsx'
import { NodeEntries } from './node-entries.tsx'
import { OperatorEntrance } from './operator-entrance.tsx'

/** What an operator brought, and the how manieth it was: a key itself stands in no key of the cache. */
interface Brought {
  readonly credential: string
  readonly attempt: number
}

const published = (name: string, brought: Brought | undefined) =>
  queryOptions({
    queryKey: [...evidenceKey, 'published', name, brought?.attempt ?? 0],
    // A query must answer something; a log that is not published is an answer.
    queryFn: async ({ signal }) => (await openPublished(name, { signal, credential: brought?.credential })) ?? null,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export function PublicAudit() {
  const { t } = useTranslation('ledger.public-audit')
  const { log: name = '' } = useParams({ strict: false })
  const [brought, bring] = useState<Brought>()
  const query = useQuery(published(name, brought))
  return (
    <PublicPage title={t('title')} about={t('about')}>
      <QueryView query={query}>
        {(opened) =>
          opened === null ? (
            <NotPublished name={name} refused={brought !== undefined} onKey={(credential) => bring({ credential, attempt: (brought?.attempt ?? 0) + 1 })} />
          ) : (
            <Published name={name} opened={opened} credential={brought?.credential} />
          )
        }
      </QueryView>
    </PublicPage>
  )
}

function NotPublished({ name, refused, onKey }: { readonly name: string; readonly refused: boolean; readonly onKey: (key: string) => void }) {
  const { t } = useTranslation('ledger.public-audit')
  if (name === 'node') return <OperatorEntrance refused={refused} onKey={onKey} />
  return (
    <section aria-labelledby="none">
      <Title order={2} id="none">
        {t('none.title')}
      </Title>
      <Text mt="xs">{t('none.about')}</Text>
    </section>
  )
}

interface PublishedProps {
  readonly name: string
  readonly opened: OpenedLog
  /** Of an operator, who reads the node's log though it is published to nobody. */
  readonly credential: string | undefined
}

function Published({ name, opened: { keyText, vkey, checkpoint, log }, credential }: PublishedProps) {
  const { t } = useTranslation('ledger.public-audit')
  const format = useFormat()
  const cosigners = checkpoint
    .split('\n')
    .flatMap((line) => /^— (\S+) /.exec(line)?.[1] ?? [])
    .filter((signer) => signer !== log.origin)
  return (
    <>
      <Stack gap="md">
        {log.good ? <GoodVerdict log={log}>{t('evidence.current', { size: format.number(log.size) })}</GoodVerdict> : <FaultVerdict fault={log} />}
        <Facts
          facts={[
            { label: t('evidence.log'), value: log.origin },
            { label: t('evidence.size'), value: log.good ? format.number(log.size) : null },
            { label: t('evidence.keyId'), value: log.good ? <code>{log.keyId}</code> : null },
            { label: t('cosigners'), value: cosigners.length === 0 ? t('noCosigners') : cosigners.join(', ') },
          ]}
        />
      </Stack>
      {credential === undefined || !log.good ? null : <NodeEntries credential={credential} size={log.size} />}
      <Whole name={name} keyText={keyText} credential={credential} />
      <Files name={name} keyText={keyText} credential={credential} />
      <section aria-labelledby="keep">
        <Title order={2} id="keep" mb="xs">
          {t('keep.title')}
        </Title>
        <Text mb="sm">{t('keep.about')}</Text>
        <Copyable text={checkpoint} label={t('evidence.checkpoint')} />
        <Text my="sm">{t('keep.command')}</Text>
        <Copyable text={`node gatehouse-verify.mjs log ${globalThis.location.origin}/logs/${name} --key keys.txt`} label={t('keep.commandLabel')} />
      </section>
      {log.origin === undefined || vkey === '' ? null : <LogKey vkey={vkey} origin={log.origin} />}
    </>
  )
}

/** Fetches every entry and every tile, and computes the root anew. */
function Whole({ name, keyText, credential }: { readonly name: string; readonly keyText: string; readonly credential: string | undefined }) {
  const { t } = useTranslation('ledger.public-audit')
  const [progress, setProgress] = useState({ done: 0, total: 0 })
  const stop = useRef<AbortController>(null)
  const work = useMutation({
    mutationFn: () => {
      stop.current = new AbortController()
      setProgress({ done: 0, total: 0 })
      return recomputePublished({ name, keyText, credential, signal: stop.current.signal, onProgress: (done, total) => setProgress({ done, total }) }).catch(
        (error: unknown) => {
          if (stop.current?.signal.aborted === true) return undefined
          throw error
        },
      )
    },
  })
  return (
    <section aria-labelledby="whole">
      <Stack gap="sm" align="stretch">
        <Title order={2} id="whole">
          {t('whole.title')}
        </Title>
        <Text>{t('whole.about')}</Text>
        {work.isPending ? (
          <Progress
            label={t('whole.running')}
            done={progress.done}
            of={progress.total === 0 ? undefined : progress.total}
            onCancel={() => stop.current?.abort()}
          />
        ) : (
          <Group>
            <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => work.mutate()}>
              {t('whole.act')}
            </Button>
          </Group>
        )}
        {work.data === undefined ? null : <ReportView report={work.data} />}
      </Stack>
    </section>
  )
}
