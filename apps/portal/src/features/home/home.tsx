import { Anchor, Stack, Text } from '@mantine/core'
import { Navigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../session.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { LoadingState } from '../../ui/states.tsx'
import { pagesFor, wingsFor } from '../pages.ts'
import { WingList } from './wing-list.tsx'

const Board = lazy(async () => ({ default: (await import('./board.tsx')).Board }))

/** Whoever is inside meets here what concerns them: cards by their roles, and persons their own page. */
export function Home() {
  const { t } = useTranslation()
  const session = useSession()
  const { user, kind } = session
  if (kind === 'person' && pagesFor(session).some(({ path }) => path === '/me')) return <Navigate to="/me" replace />
  const wings = wingsFor(session)
  return (
    <Stack gap="lg">
      <div>
        <PageTitle title={t('home.title')}>{user === null ? t('home.title') : t('home.welcome', { name: user.name })}</PageTitle>
        {wings.length === 0 ? (
          <Text c="dimmed" mt="xs">
            {t('home.none')}
          </Text>
        ) : null}
      </div>
      <Suspense fallback={<LoadingState />}>
        <Board otherwise={<WingList wings={wings} />} />
      </Suspense>
      <Anchor href="/docs">{t('home.reference')}</Anchor>
    </Stack>
  )
}
