import { Alert, Button, NativeSelect, Paper, Stack, Text, Textarea, Title } from '@mantine/core'
import { IconCircleCheck, IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { meaning } from '../../../theme.ts'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { save } from '../../../ui/record-list/export.ts'
import { StateChip } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { type Kind, kinds, type MyRequest, makeRequest, myRequestsQuery, readMyData } from './queries.ts'

const tones = { received: 'info', identified: 'info', in_work: 'info', extended: 'attention', done: 'permit', refused: 'deny' } as const

/** What the reader may ask for under the law, and the clock of what was asked. */
export function MyRequestsPage() {
  const { t } = useTranslation('me.requests')
  const query = useQuery(myRequestsQuery())
  const [made, setMade] = useState(false)
  return (
    <Page title={t('title')} about={t('about')}>
      <Stack gap="lg" maw={640}>
        <div role="status">
          {made ? (
            <Alert color={meaning.permit} icon={<IconCircleCheck aria-hidden />}>
              {t('made')}
            </Alert>
          ) : null}
        </div>
        <Download />
        <Ask onMade={() => setMade(true)} />
        <QueryView query={query}>
          {(requests) =>
            requests.length === 0 ? null : (
              <Stack component="section" gap="sm" aria-labelledby="asked-before">
                <Title order={2} id="asked-before">
                  {t('before')}
                </Title>
                {requests.map((request) => (
                  <RequestCard key={request.id} request={request} />
                ))}
              </Stack>
            )
          }
        </QueryView>
      </Stack>
    </Page>
  )
}

function Download() {
  const { t } = useTranslation('me.requests')
  const downloading = useMutation({
    // The name of a file is seen by many, and names nobody.
    mutationFn: async () => save('my-data.json', 'application/json', `${JSON.stringify(await readMyData(), undefined, 2)}\n`),
    gcTime: 0,
  })
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="download">
      <Stack gap="sm" align="flex-start">
        <Title order={2} id="download">
          {t('download.title')}
        </Title>
        <Text>{t('download.about')}</Text>
        <ProblemAlert error={downloading.error} />
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={downloading.isPending} onClick={() => downloading.mutate()}>
          {t('download.label')}
        </Button>
      </Stack>
    </Paper>
  )
}

function Ask({ onMade }: { readonly onMade: () => void }) {
  const { t } = useTranslation('me.requests')
  const [kind, setKind] = useState<Kind>('access')
  const [words, setWords] = useState('')
  const making = useMutation({
    mutationFn: () => makeRequest(kind, words),
    onSuccess: () => {
      setWords('')
      onMade()
    },
  })
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="ask">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          making.mutate()
        }}
      >
        <Stack gap="sm" align="flex-start">
          <Title order={2} id="ask">
            {t('ask.title')}
          </Title>
          <ProblemAlert error={making.error} />
          <NativeSelect
            label={t('ask.kind')}
            description={t(`explain.${kind}`)}
            data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value as Kind)}
            w="100%"
          />
          <Textarea
            label={t('ask.words')}
            description={t('ask.wordsHint')}
            maxLength={2000}
            autosize
            minRows={2}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            w="100%"
          />
          <Button type="submit" loading={making.isPending}>
            {t('ask.submit')}
          </Button>
        </Stack>
      </form>
    </Paper>
  )
}

function RequestCard({ request }: { readonly request: MyRequest }) {
  const { t } = useTranslation('me.requests')
  const format = useFormat()
  return (
    <Paper component="article" withBorder p="md">
      <Stack gap="xs" align="flex-start">
        <StateChip tone={tones[request.state]}>{t(`state.${request.state}`)}</StateChip>
        <Text>{t('asked', { kind: t(`kind.${request.kind}`), day: format.longDay(request.received_at) })}</Text>
        {request.closed_at === null ? (
          <Text fw={request.overdue ? 700 : undefined}>{t(request.overdue ? 'overdue' : 'due', { day: format.longDay(request.due_at) })}</Text>
        ) : (
          <Text>{t('answered', { day: format.longDay(request.closed_at) })}</Text>
        )}
        {request.words === null ? null : <Text c="dimmed">{t('youWrote', { text: request.words })}</Text>}
        {request.extension_reason === null ? null : <Text>{t('extension', { text: request.extension_reason })}</Text>}
        {request.answer === null ? null : <Text style={{ whiteSpace: 'pre-line' }}>{t('answer', { text: request.answer })}</Text>}
        {request.restricts ? <Text>{t('restricts')}</Text> : null}
      </Stack>
    </Paper>
  )
}
