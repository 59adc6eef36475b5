/** What can be done about a person besides looking: hide, show again, hold, and ask for the erasure. */
import { Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, statusOf } from '../../../api.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { say } from '../../../ui/notices.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { RequestErasure } from '../../ledger/erasures/request.tsx'

const standingOf = (userId: string) => ask(() => api.POST('/v1/people/standing', { body: { user_id: userId } }))
type Standing = Awaited<ReturnType<typeof standingOf>>

const tones = { active: 'permit', archived: 'attention', erased: 'neutral' } as const

/** Nothing of it enters the cache, as with the chain. */
export function Forgetting({ userId }: { readonly userId: string }) {
  const { t } = useTranslation('custody.vault')
  const can = useCan()
  const [standing, setStanding] = useState<Standing>()
  const [error, setError] = useState<Error | null>(null)
  const [matter, setMatter] = useState('')
  const read = useCallback(
    () =>
      standingOf(userId).then(setStanding, (fault: unknown) => {
        // Whom nobody knows there is nothing to do about; the search has said so.
        if (statusOf(fault) !== 404) setError(fault as Error)
      }),
    [userId],
  )
  useEffect(() => void read(), [read])
  if (error !== null) return <ProblemAlert error={error} />
  if (standing === undefined) return null
  const { status, holds, erasure } = standing
  const body = { user_id: userId }
  return (
    <section aria-labelledby="forgetting">
      <Stack gap="sm">
        <Group gap="sm">
          <Title order={2} id="forgetting">
            {t('forgetting.title')}
          </Title>
          <StateChip tone={tones[status]}>{t(`forgetting.status.${status}`)}</StateChip>
          {holds.length > 0 ? <StateChip tone="attention">{t('forgetting.held')}</StateChip> : null}
        </Group>
        {holds.map(({ id, matter: why }) => (
          <Text key={id} size="sm">
            {t('forgetting.holdFor', { matter: why })}
          </Text>
        ))}
        {status === 'erased' ? null : (
          <Group gap="xs">
            {status === 'active' && can('update', 'person') ? (
              <ConfirmButton
                label={t('forgetting.archive.label')}
                title={t('forgetting.archive.title')}
                consequence={t('forgetting.archive.consequence')}
                confirm={t('forgetting.archive.confirm')}
                act={async () => {
                  await ask(() => api.POST('/v1/people/archivals', { body: { ...body, reason: 'other' } }))
                  void say(t('forgetting.archive.done'))
                  await read()
                }}
              />
            ) : null}
            {status === 'archived' && can('update', 'person') ? (
              <ConfirmButton
                label={t('forgetting.restore.label')}
                title={t('forgetting.restore.title')}
                consequence={t('forgetting.restore.consequence')}
                confirm={t('forgetting.restore.confirm')}
                act={async () => {
                  await ask(() => api.POST('/v1/people/restorations', { body }))
                  await read()
                }}
              />
            ) : null}
            {can('create', 'hold') ? (
              <ConfirmButton
                label={t('forgetting.hold.label')}
                title={t('forgetting.hold.title')}
                consequence={t('forgetting.hold.consequence')}
                confirm={t('forgetting.hold.confirm')}
                disabled={matter.trim() === ''}
                act={async () => {
                  await ask(() => api.POST('/v1/holds', { body: { ...body, matter: matter.trim() } }))
                  setMatter('')
                  await read()
                }}
              >
                <TextInput
                  label={t('forgetting.hold.matter')}
                  value={matter}
                  onChange={(event) => setMatter(event.currentTarget.value)}
                  required
                  maxLength={200}
                  autoComplete="off"
                />
              </ConfirmButton>
            ) : null}
            {erasure === null && can('create', 'erasure') ? <RequestErasure person={userId} /> : null}
          </Group>
        )}
      </Stack>
    </section>
  )
}
