/** What a page shows when it has nothing of its own to show. */
import { Alert, Button, Center, Loader } from '@mantine/core'
import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react'
import { Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { GatehouseError, NodeAway } from '../api.ts'
import { meaning } from '../theme.ts'
import { Entrance } from './entrance.tsx'

export function Loading() {
  const { t } = useTranslation()
  return (
    <Center component="main" mih="60dvh">
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

/** What went wrong with what somebody just did. */
export function ProblemAlert({ error }: { error: Error | null }) {
  const { t, i18n } = useTranslation()
  if (error === null) return null
  return (
    <Alert role="alert" color={meaning.deny} icon={<IconAlertTriangle aria-hidden />} title={error instanceof NodeAway ? t('away.title') : t('problem.title')}>
      {words()}
    </Alert>
  )

  function words(): string {
    if (error instanceof NodeAway) return t('away.about')
    if (!(error instanceof GatehouseError)) return t('broken.about')
    const { type, title, detail } = error.problem
    const key = `problem.${type.split('/').at(-1)}`
    return i18n.exists(key) ? t(key) : (detail ?? title)
  }
}
