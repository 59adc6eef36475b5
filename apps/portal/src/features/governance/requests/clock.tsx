import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { type Clock, clockQuery, updateClock } from './queries.ts'

/** In how many months people are answered. */
export function ClockCard() {
  const { t } = useTranslation('governance.requests')
  const query = useQuery(clockQuery())
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="clock">
      <Stack gap="sm">
        <Title order={2} id="clock">
          {t('clock.title')}
        </Title>
        <Text c="dimmed">{t('clock.about')}</Text>
        <QueryView query={query}>{(clock) => <Fields key={`${clock.answer_months} ${clock.extension_months}`} clock={clock} />}</QueryView>
      </Stack>
    </Paper>
  )
}

function Fields({ clock }: { readonly clock: Clock }) {
  const { t } = useTranslation('governance.requests')
  const can = useCan()
  const [answer, setAnswer] = useState(String(clock.answer_months))
  const [extension, setExtension] = useState(String(clock.extension_months))
  const saving = useMutation({ mutationFn: updateClock })
  const may = can('update', 'rights_request')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate({ answer_months: Number.parseInt(answer, 10), extension_months: Number.parseInt(extension, 10) })
      }}
    >
      <ProblemAlert error={saving.error} />
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t('clock.answer')}
          type="number"
          min={1}
          max={12}
          required
          disabled={!may}
          value={answer}
          onChange={(event) => setAnswer(event.currentTarget.value)}
        />
        <TextInput
          label={t('clock.extension')}
          type="number"
          min={0}
          max={12}
          required
          disabled={!may}
          value={extension}
          onChange={(event) => setExtension(event.currentTarget.value)}
        />
        {may ? (
          <Button type="submit" variant="default" loading={saving.isPending}>
            {t('clock.save')}
          </Button>
        ) : null}
      </Group>
      <Text role="status" size="sm" mt="xs">
        {saving.isSuccess ? t('clock.saved') : ''}
      </Text>
    </form>
  )
}
