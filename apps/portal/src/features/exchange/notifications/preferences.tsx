import { Select, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { type Preference, preferencesQuery, setPreference } from './queries.ts'

/** How whoever is inside is told by mail, kind by kind. */
export function PreferencesPage() {
  const { t } = useTranslation('exchange.notifications')
  const query = useQuery(preferencesQuery)
  const setting = useMutation({
    mutationFn: ({ kind, mail }: Pick<Preference, 'kind' | 'mail'>) => setPreference(kind, mail),
    onSuccess: () => void say(t('preferences.kept')),
  })
  return (
    <Page title={t('preferences.title')} about={t('preferences.about')}>
      <ProblemAlert error={setting.error} />
      <QueryView query={query}>
        {(preferences) => (
          <Stack gap="lg" maw={560}>
            {preferences.map(({ kind, mail, fixed }) => (
              <Select
                key={kind}
                label={t(`kind.${kind}.name`)}
                description={fixed ? t('preferences.fixed') : t(`kind.${kind}.says`)}
                allowDeselect={false}
                disabled={fixed}
                data={(['at_once', 'digest', 'off'] as const).map((value) => ({ value, label: t(`mail.${value}`) }))}
                value={mail}
                onChange={(value) => value !== null && setting.mutate({ kind, mail: value as Preference['mail'] })}
              />
            ))}
            <Text c="dimmed">{t('preferences.inbox')}</Text>
          </Stack>
        )}
      </QueryView>
    </Page>
  )
}
