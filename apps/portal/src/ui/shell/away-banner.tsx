import { Alert, Button, Group } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { readSession } from '../../api.ts'
import { useFormat } from '../../i18n/format.ts'
import { useReach } from '../../reach.ts'
import { queryClient, sessionEnded } from '../../session.ts'
import { meaning } from '../../theme.ts'

const waitMs = 1_000
const waitMsMax = 15_000

/** Stands over a page while the node does not answer, and brings the page up to date once it does. */
export function AwayBanner() {
  const { t } = useTranslation()
  const format = useFormat()
  const { away, answeredAt } = useReach()
  useEffect(() => (away ? comeBack() : undefined), [away])
  if (!away) return null
  return (
    <Alert role="status" color={meaning.attention} icon={<IconPlugConnectedX aria-hidden />} title={t('away.title')} mb="md">
      <Group justify="space-between">
        {t('away.banner', { at: format.exact(answeredAt) })}
        <Button size="compact-sm" variant="default" onClick={() => void readSession().then(stillIn, () => undefined)}>
          {t('again')}
        </Button>
      </Group>
    </Alert>
  )
}

const stillIn = (session: object | null): void => {
  if (session === null) sessionEnded()
}

/** Knocks, less and less often, until the node answers. */
function comeBack(): () => void {
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const knock = () => {
    clearTimeout(timer)
    readSession().then(stillIn, () => {
      failures += 1
      timer = setTimeout(knock, Math.min(waitMs * 2 ** failures, waitMsMax))
    })
  }
  timer = setTimeout(knock, waitMs)
  globalThis.addEventListener('online', knock)
  return () => {
    clearTimeout(timer)
    globalThis.removeEventListener('online', knock)
    // Whatever brought the node back, what was missed while it was away is read now.
    void queryClient.invalidateQueries()
  }
}
