/** Looking through a source: it goes on whoever leaves, and is shown to whoever comes. */
import { Alert, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { meaning } from '../../../theme.ts'
import { Progress } from '../../../ui/progress.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { beginLook, cancelLook, changed, isUnderWay, type Look, lookQuery } from './queries.ts'
import { useSourceSays } from './said.ts'

export interface Looking {
  readonly begin: () => void
  readonly error: Error | null
  readonly under_way: Look | undefined
  /** How one ended that was seen under way on this page. */
  readonly ended: Look | undefined
}

export function useLook(source: string): Looking {
  const look = useQuery(lookQuery(source)).data ?? undefined
  const begin = useMutation({ mutationFn: () => beginLook(source) })
  const [followed, follow] = useState<string>()
  const underWay = isUnderWay(look) ? look : undefined
  const seen = underWay?.id ?? followed
  const ended = look !== undefined && underWay === undefined && look.id === followed ? look : undefined
  useEffect(() => follow(seen), [seen])
  const endedId = ended?.id
  useEffect(() => {
    if (endedId !== undefined) void changed()
  }, [endedId])
  return { begin: () => begin.mutate(), error: begin.error, under_way: underWay, ended }
}

/** How far it is, and why it came to nothing. What it found is shown by the page. */
export function LookState({ source, look: { error, under_way: look, ended }, mayCancel }: { source: string; look: Looking; mayCancel: boolean }) {
  const { t } = useTranslation('custody.sources')
  const says = useSourceSays()
  const cancelling = useMutation({ mutationFn: () => cancelLook(source) })
  const fault = ended?.fault ?? undefined
  return (
    <>
      <ProblemAlert error={error ?? cancelling.error} />
      <div role="status">
        {look === undefined ? null : (
          <Progress
            label={t('discover.going')}
            done={look.tables}
            of={look.of_tables ?? undefined}
            now={t(`discover.step.${look.step ?? 'waiting'}`)}
            {...(mayCancel ? { onCancel: () => cancelling.mutate() } : {})}
          />
        )}
        {ended?.state === 'cancelled' || ended?.state === 'broken_off' ? <Text>{t(`discover.${ended.state}`)}</Text> : null}
      </div>
      {fault === undefined ? null : (
        <Alert color={meaning.deny} title={t('discover.failed')}>
          {says({ detail: fault.detail ?? fault.title, said: fault.said })}
        </Alert>
      )}
    </>
  )
}
