import { Button, Stack, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../ui/page.tsx'
import { ShownOnce } from '../../../ui/shown-once.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { createWebhook } from './queries.ts'
import { typesOf } from './types-text.ts'

export function NewWebhook() {
  const { t } = useTranslation('exchange.webhooks')
  const navigate = useNavigate()
  const [url, setUrl] = useState('')
  const [types, setTypes] = useState('')
  // The answer holds the secret: it is forgotten with the page.
  const creating = useMutation({ gcTime: 0, mutationFn: () => createWebhook({ url: url.trim(), types: typesOf(types) }) })
  const create = (event: FormEvent) => {
    event.preventDefault()
    creating.mutate()
  }
  const made = creating.data
  return (
    <Page title={t('create.title')} about={t('create.about')}>
      <form onSubmit={create}>
        <Stack gap="md" maw={560} align="stretch">
          <ProblemAlert error={creating.error} />
          <TextInput
            label={t('url')}
            description={t('create.urlHint')}
            type="url"
            required
            maxLength={2_048}
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <Textarea
            label={t('types')}
            description={t('create.typesHint')}
            placeholder={'release.redeemed\nrelease.delivered'}
            rows={4}
            value={types}
            onChange={(event) => setTypes(event.currentTarget.value)}
          />
          <Button type="submit" loading={creating.isPending} style={{ alignSelf: 'flex-start' }}>
            {t('create.submit')}
          </Button>
        </Stack>
      </form>
      {made === undefined ? null : (
        <ShownOnce
          title={t('secret.title')}
          about={t('secret.about')}
          text={made.secret}
          label={t('secret.label')}
          onClose={() => void navigate({ to: `/exchange/webhooks/${made.id}` })}
        />
      )}
    </Page>
  )
}
