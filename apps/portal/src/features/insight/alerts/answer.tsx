import { Button, Group, Paper, Radio, Stack, Text, Textarea, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../ui/states.tsx'
import { type Alert, acknowledgeAlert, closeAlert, type Verdict } from './queries.ts'

const verdicts = ['useful', 'noise'] as const
const noteLengthMax = 2_000

/** What somebody says to an alert: looked at, and whether it was worth it; then, that nothing is left to do. */
export function Answer({ alert }: { readonly alert: Alert }) {
  return (
    <Paper withBorder p="md" maw={720}>
      {alert.state === 'raised' ? <Acknowledge alert={alert} /> : <Close alert={alert} />}
    </Paper>
  )
}

function Acknowledge({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('insight.alerts')
  const [verdict, setVerdict] = useState<Verdict>()
  const [note, setNote] = useState('')
  const saying = useMutation({ mutationFn: (said: Verdict) => acknowledgeAlert(alert.id, said, note.trim()) })
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (verdict !== undefined) saying.mutate(verdict)
  }
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <Title order={2}>{t('answer.title')}</Title>
        <Radio.Group
          label={t('answer.verdict')}
          description={t('answer.verdictAbout')}
          value={verdict ?? null}
          onChange={(value) => setVerdict(verdicts.find((one) => one === value))}
          required
        >
          <Group mt="xs">
            {verdicts.map((value) => (
              <Radio key={value} value={value} label={t(`verdict.${value}`)} required />
            ))}
          </Group>
        </Radio.Group>
        <Textarea
          label={t('answer.note')}
          description={t('answer.noteAbout')}
          value={note}
          maxLength={noteLengthMax}
          autosize
          minRows={2}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <ProblemAlert error={saying.error} />
        <Group>
          <Button type="submit" loading={saying.isPending} disabled={verdict === undefined}>
            {t('answer.acknowledge')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Close({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('insight.alerts')
  const closing = useMutation({ mutationFn: () => closeAlert(alert.id) })
  return (
    <Stack gap="sm">
      <Title order={2}>{t('answer.closeTitle')}</Title>
      <Text>{t('answer.closeAbout')}</Text>
      <ProblemAlert error={closing.error} />
      <Group>
        <Button onClick={() => closing.mutate()} loading={closing.isPending}>
          {t('answer.close')}
        </Button>
      </Group>
    </Stack>
  )
}
