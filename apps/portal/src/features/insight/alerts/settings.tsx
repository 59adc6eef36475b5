import { Alert, Button, Group, Stack, TagsInput, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { changeSettings, type Settings, settingsQuery } from './queries.ts'

const recipientsMax = 10

/** Where letters about alerts go. */
export function AlertSettings() {
  const { t } = useTranslation('insight.alerts')
  const query = useQuery(settingsQuery)
  return (
    <Page title={t('settings.title')} about={t('settings.about')}>
      <QueryView query={query}>{(settings) => <Form key={settings.revision} settings={settings} />}</QueryView>
    </Page>
  )
}

function Form({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation('insight.alerts')
  const can = useCan()
  const [mailTo, setMailTo] = useState<string[]>([...settings.mail_to])
  const saving = useMutation({
    mutationFn: () => changeSettings(settings, mailTo),
    onSuccess: () => void say(t('settings.saved')),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  return (
    <Stack gap="md" maw={640}>
      {settings.mail_on ? null : <Alert title={t('settings.mailOff')}>{t('settings.mailOffAbout')}</Alert>}
      {can('update', 'alert_rule') ? (
        <form onSubmit={send}>
          <Stack gap="sm">
            <TagsInput
              label={t('settings.mailTo')}
              description={t('settings.mailToAbout')}
              value={mailTo}
              onChange={setMailTo}
              maxTags={recipientsMax}
              acceptValueOnBlur
              splitChars={[',', ' ', ';']}
            />
            <ProblemAlert error={saving.error} />
            <Group>
              <Button type="submit" loading={saving.isPending}>
                {t('settings.save')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Text>{settings.mail_to.length === 0 ? t('settings.nobody') : settings.mail_to.join(', ')}</Text>
      )}
    </Stack>
  )
}
