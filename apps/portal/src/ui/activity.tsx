import { Button, Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask, type Entry } from '../api.ts'
import { useNews } from '../live.ts'
import { cursorPages } from '../pages-of.ts'
import { queryClient } from '../session.ts'
import { ShortId } from './short-id.tsx'
import { StateChip, type Tone } from './state-chip.tsx'
import { EmptyState, ErrorState, LoadingState } from './states.tsx'
import { Timeline } from './timeline.tsx'

export const decisionTones: Readonly<Record<string, Tone>> = { permit: 'permit', deny: 'deny', pending: 'attention', error: 'deny' }

/** The ledger, filtered to one object: what was done to it, newest first, as it happens. */
export function Activity({ kind, id }: { readonly kind: string; readonly id: string }) {
  const { t } = useTranslation()
  const options = cursorPages<Entry>(['entries', kind, id], (cursor, signal) =>
    ask(() => api.GET('/v1/logs', { params: { query: { object_kind: kind, object_id: id, ...cursor, limit: 50 } }, signal })),
  )
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(options)
  useNews(['*'], (entries) => {
    if (entries.some(({ body }) => body.object?.id === id)) void queryClient.invalidateQueries({ queryKey: options.queryKey })
  })
  if (isPending) return <LoadingState />
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />
  const entries = data.pages.flatMap((page) => page.data)
  if (entries.length === 0) return <EmptyState title={t('activity.none')} />
  return (
    <Stack gap="md" align="flex-start">
      <Timeline
        label={t('tab.activity')}
        events={entries.map(({ id: entry, body }) => ({
          key: entry,
          at: body.at,
          title: t(`entry.${body.type.replaceAll('.', '-')}`, body.type),
          chip:
            body.decision === undefined ? undefined : <StateChip tone={decisionTones[body.decision] ?? 'neutral'}>{t(`decision.${body.decision}`)}</StateChip>,
          text: (
            <>
              {t(`actor.${body.actor.kind}`, body.actor.kind)} <ShortId id={body.actor.id} /> · {t('activity.entry')} <ShortId id={entry} kind="entry" />
            </>
          ),
        }))}
      />
      {hasNextPage ? (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
          {t('activity.more')}
        </Button>
      ) : null}
    </Stack>
  )
}
