import { Alert, Group, Stack, Text } from '@mantine/core'
import { IconUrgent } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { isOpenTo } from '../../../rights.ts'
import { queryClient, useCan, useSession } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { Who } from '../../../ui/who.tsx'
import { type Emergency, emergenciesKey, emergenciesQuery, emergencyNews, reviewEmergency } from './queries.ts'

/** Rights that somebody took in an emergency and nobody has looked at yet. */
export function Emergencies() {
  const { t } = useTranslation('governance.reviews')
  const reads = isOpenTo(useSession(), { action: 'read', on: 'emergency', everybodys: true })
  useLive(emergencyNews, emergenciesKey)
  const { data: open = [] } = useQuery({ ...emergenciesQuery, enabled: reads })
  if (open.length === 0) return null
  return (
    <Alert variant="default" icon={<IconUrgent aria-hidden />} title={t('emergency.title', { count: open.length })}>
      <Stack gap="md">
        <Text>{t('emergency.about')}</Text>
        {open.map((one) => (
          <Taken key={one.id} emergency={one} />
        ))}
      </Stack>
    </Alert>
  )
}

function Taken({ emergency: { id, user, area, purpose, reason, started_at, ends_at, ended_at } }: { readonly emergency: Emergency }) {
  const { t } = useTranslation('governance.reviews')
  const can = useCan()
  const session = useSession()
  const judge = (review: 'justified' | 'not_justified') => async () => {
    await reviewEmergency(id, review)
    await queryClient.invalidateQueries({ queryKey: emergenciesKey })
    void say(t('emergency.done'))
  }
  return (
    <Stack gap="xs" align="flex-start">
      <div>
        <Text>
          <Who id={user} /> · {t(`emergency.area.${area}`)} · <code>{purpose}</code> · <Moment at={started_at} /> – <Moment at={ended_at ?? ends_at} />
        </Text>
        <Text style={{ overflowWrap: 'anywhere' }}>{reason}</Text>
      </div>
      {can('update', 'emergency') && user !== session.user?.id ? (
        <Group gap="xs">
          {(['justified', 'not_justified'] as const).map((review) => (
            <ConfirmButton
              key={review}
              label={t(`emergency.${review}.label`)}
              title={t(`emergency.${review}.title`)}
              consequence={t(`emergency.${review}.consequence`)}
              confirm={t(`emergency.${review}.label`)}
              act={judge(review)}
            />
          ))}
        </Group>
      ) : null}
    </Stack>
  )
}
