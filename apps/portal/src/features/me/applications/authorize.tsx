import { Alert, Button, Group, Loader, Text } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionQuery } from '../../../session.ts'
import { meaning } from '../../../theme.ts'
import { Entrance } from '../../../ui/entrance.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { StepUpHost } from '../../../ui/step-up-host.tsx'
import { AskedFor } from './asked-for.tsx'
import { type AuthorizationRequest, decide, questionQuery } from './queries.ts'

/** Where an application sends the browser to ask somebody: who asks, for what, and where the answer goes. */
export function Authorize() {
  const { t } = useTranslation('me.applications')
  const [request] = useState(() => Object.fromEntries(new URLSearchParams(globalThis.location.search)) as unknown as AuthorizationRequest)
  const { data: asked, error } = useQuery(questionQuery(request))
  const session = useQuery(sessionQuery).data
  const deciding = useMutation({
    mutationFn: (allow: boolean) => decide(request, allow, asked?.revision ?? 0),
    onSuccess: (location) => globalThis.location.assign(location),
    gcTime: 0,
  })
  const away = asked?.location
  useEffect(() => {
    if (typeof away === 'string') globalThis.location.assign(away)
  }, [away])

  if (asked?.application == null)
    return (
      <Entrance title={t('asking')}>
        {error === null ? <Loader aria-label={t('asking')} /> : <ProblemAlert error={error} />}
        <StepUpHost />
      </Entrance>
    )
  const { name, purpose, owner } = asked.application
  const leaving = deciding.isPending || deciding.isSuccess
  return (
    <Entrance title={t('asks', { name })} about={owner === null ? t('byInstitution') : t('by', { owner })} below={<Text size="sm">{t('later')}</Text>}>
      {asked.sandbox ? (
        <Alert color={meaning.attention} icon={<IconFlask aria-hidden />} title={t('sandbox.title')}>
          {t('sandbox.about')}
        </Alert>
      ) : null}
      <Text>{t('purpose', { purpose })}</Text>
      <div>
        <Text fw={600}>{t('onBehalf', { name, person: session?.user?.name ?? t('you') })}</Text>
        <AskedFor scopes={asked.scopes} claims={asked.claims} />
      </div>
      <Text size="sm" c="dimmed">
        {t('answersTo', { host: asked.answers_to ?? '' })} {asked.elsewhere === null ? '' : t('elsewhere', { address: asked.elsewhere })}
      </Text>
      <ProblemAlert error={deciding.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={() => deciding.mutate(false)} disabled={leaving}>
          {t('no')}
        </Button>
        <Button onClick={() => deciding.mutate(true)} loading={leaving}>
          {t('yes')}
        </Button>
      </Group>
      <StepUpHost />
    </Entrance>
  )
}
