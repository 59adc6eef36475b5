import { Group, Paper, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import type { SessionRow } from './queries.ts'

interface SessionsProps {
  readonly query: Pick<UseQueryResult<{ readonly data: readonly SessionRow[] }>, 'data' | 'error' | 'refetch'>
  readonly about: string
  /** Ends a session from here; absent for whoever may only look. */
  readonly end?: (session: string) => Promise<void>
}

export function Sessions({ query, about, end }: SessionsProps) {
  const { t } = useTranslation('governance.people')
  return (
    <QueryView query={query}>
      {({ data }) => (
        <Stack gap="sm" maw={640}>
          <Text c="dimmed">{about}</Text>
          {data.length === 0 ? <Text>{t('sessions.none')}</Text> : null}
          {data.map((session) => (
            <Paper key={session.id} component="article" withBorder p="md" aria-label={t('sessions.one')}>
              <Group justify="space-between" align="flex-start">
                <div>
                  <Text>
                    {t('sessions.began')} <Moment at={session.created_at} />
                  </Text>
                  <Text size="sm" c="dimmed">
                    {t('sessions.seen')} <Moment at={session.last_seen_at} /> · {t('sessions.ends')} <Moment at={session.expires_at} />
                  </Text>
                </div>
                {session.current ? <StateChip tone="info">{t('sessions.current')}</StateChip> : null}
                {end === undefined || session.current ? null : (
                  <ConfirmButton
                    label={t('sessions.end.label')}
                    title={t('sessions.end.title')}
                    consequence={t('sessions.end.consequence')}
                    confirm={t('sessions.end.confirm')}
                    act={() => end(session.id)}
                  />
                )}
              </Group>
            </Paper>
          ))}
        </Stack>
      )}
    </QueryView>
  )
}
