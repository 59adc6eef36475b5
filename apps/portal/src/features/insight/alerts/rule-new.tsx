import { Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../ui/page.tsx'
import { Editor } from './editor.tsx'
import { beginnings } from './kinds.ts'
import { createRule, type Draft } from './queries.ts'
import { ReplaySection } from './replay.tsx'

const empty: Draft = { name: '', description: '', condition: beginnings.rate, cool_down_seconds: 3_600 }

export function NewRule() {
  const { t } = useTranslation('insight.alerts')
  const navigate = useNavigate()
  const [draft, setDraft] = useState(empty)
  const making = useMutation({
    mutationFn: () => createRule(draft),
    onSuccess: ({ id }) => navigate({ to: `/insight/alert-rules/${id}` }),
  })
  return (
    <Page title={t('rules.new')} about={t('editor.about')}>
      <Stack gap="lg">
        <Editor draft={draft} onChange={setDraft} error={making.error} save={t('editor.create')} saving={making.isPending} onSave={() => making.mutate()} />
        <ReplaySection draft={draft} />
      </Stack>
    </Page>
  )
}
