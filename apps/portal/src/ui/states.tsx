/** What a page, or a part of one, shows when it has nothing of its own to show. */
import { Alert, Button, Center, Loader, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconInbox, IconLock, IconPlugConnectedX, IconSearchOff, type TablerIcon } from '@tabler/icons-react'
import { Link, useRouter } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NodeAway, statusOf } from '../api.ts'
import { meaning } from '../theme.ts'
import { Entrance } from './entrance.tsx'
import { PageTitle } from './page-title.tsx'
import { useProblemWords } from './problem-words.ts'

/** The whole window, before the frame stands. */
export function LoadingPage() {
  const { t } = useTranslation()
  return (
    <Center mih="60dvh">
      <Loader role="status" aria-label={t('loading')} />
    </Center>
  )
}

export function Away() {
  const { t } = useTranslation()
  const router = useRouter()
  const [trying, setTrying] = useState(false)
  const again = async () => {
    setTrying(true)
    await router.invalidate()
    setTrying(false)
  }
  return (
    <Entrance title={t('away.title')} about={t('away.about')}>
      <Button onClick={again} loading={trying} leftSection={<IconPlugConnectedX size={16} aria-hidden />}>
        {t('again')}
      </Button>
    </Entrance>
  )
}

export function Broken() {
  const { t } = useTranslation()
  return (
    <Entrance title={t('broken.title')} about={t('broken.about')}>
      <Button onClick={() => globalThis.location.reload()}>{t('again')}</Button>
    </Entrance>
  )
}

export function Missing() {
  const { t } = useTranslation()
  return (
    <Entrance title={t('missing.title')} about={t('missing.about')}>
      <Button component={Link} to="/">
        {t('missing.home')}
      </Button>
    </Entrance>
  )
}

/** What went wrong with what somebody just did. Give it `mutation.error`. */
export function ProblemAlert({ error }: { readonly error: Error | null }) {
  const { t } = useTranslation()
  const words = useProblemWords()
  if (error === null) return null
  return (
    <Alert role="alert" color={meaning.deny} icon={<IconAlertTriangle aria-hidden />} title={error instanceof NodeAway ? t('away.title') : t('problem.title')}>
      {words(error)}
    </Alert>
  )
}

interface StateProps {
  readonly title: string
  readonly about?: ReactNode
  readonly icon?: TablerIcon
  /** The next step: a button or a link. */
  readonly action?: ReactNode
  /** Whether it is all there is on the page, and its title therefore the page's. */
  readonly whole?: boolean
}

/** A part of a page with nothing in it: says what would stand here and how to begin. */
export function EmptyState({ title, about, icon: Icon = IconInbox, action, whole = false }: StateProps) {
  return (
    <Stack className="state" align="center" gap="xs" py="xl" px="md">
      <Icon size={32} stroke={1.5} aria-hidden />
      {whole ? <PageTitle title={title} /> : <Title order={2}>{title}</Title>}
      {about === undefined ? null : (
        <Text c="dimmed" ta="center" maw={480}>
          {about}
        </Text>
      )}
      {action}
    </Stack>
  )
}

export function NoPermission({ whole = false }: { readonly whole?: boolean }) {
  const { t } = useTranslation()
  return <EmptyState icon={IconLock} title={t('noPermission.title')} about={t('noPermission.about')} whole={whole} />
}

/** Grey lines in the place of what is on its way. */
export function LoadingState({ lines = 4 }: { readonly lines?: number }) {
  const { t } = useTranslation()
  return (
    <Stack gap="sm" role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={`line ${String(line)}`} height={16} width={`${String(90 - ((line * 17) % 40))}%`} />
      ))}
    </Stack>
  )
}

/** A part of a page that could not be read: refused, not there, or failed and to be tried again. */
export function ErrorState({ error, onRetry, whole = false }: { readonly error: Error; readonly onRetry?: () => void; readonly whole?: boolean }) {
  const { t } = useTranslation()
  const words = useProblemWords()
  const status = statusOf(error)
  if (status === 403) return <NoPermission whole={whole} />
  if (status === 404) return <EmptyState icon={IconSearchOff} title={t('notThere.title')} about={t('notThere.about')} whole={whole} />
  return (
    <div role="alert">
      <EmptyState
        icon={error instanceof NodeAway ? IconPlugConnectedX : IconAlertTriangle}
        title={error instanceof NodeAway ? t('away.title') : t('failed.title')}
        about={words(error)}
        whole={whole}
        action={
          onRetry === undefined ? null : (
            <Button variant="default" onClick={onRetry}>
              {t('again')}
            </Button>
          )
        }
      />
    </div>
  )
}
