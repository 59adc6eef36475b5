import { Button, Group, Text } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LiveTail } from '../../../live.ts'
import { StateChip } from '../../../ui/state-chip.tsx'

/** What came is said aloud at most so often. */
const sayMs = 5_000

/** Says whether the list is live, and stops and starts it. */
export function LiveBar({ tail: { paused, seen, pause, resume }, waiting }: { readonly tail: LiveTail; readonly waiting: number }) {
  const { t } = useTranslation('ledger.audit')
  const Icon = paused ? IconPlayerPlay : IconPlayerPause
  return (
    <Group gap="sm">
      <StateChip tone={paused ? 'attention' : 'permit'}>{t(paused ? 'live.paused' : 'live.on')}</StateChip>
      <Button variant="default" size="compact-md" leftSection={<Icon size={14} aria-hidden />} onClick={paused ? resume : pause}>
        {t(paused ? 'live.resume' : 'live.pause')}
      </Button>
      <Text size="sm" c="dimmed">
        {paused ? t('live.waiting', { count: waiting }) : t('live.about')}
      </Text>
      <Announcement seen={seen} />
    </Group>
  )
}

/** For whoever hears the page: not each entry, but now and then how many came. */
function Announcement({ seen }: { readonly seen: number }) {
  const { t } = useTranslation('ledger.audit')
  const [said, say] = useState({ upTo: 0, count: 0 })
  const newest = useRef(seen)
  newest.current = seen
  const quiet = seen === said.upTo
  useEffect(() => {
    if (quiet) return
    const timer = setTimeout(() => say(({ upTo }) => ({ upTo: newest.current, count: Math.max(newest.current - upTo, 0) })), sayMs)
    return () => clearTimeout(timer)
  }, [quiet])
  return (
    <span className="sr-only" role="status">
      {said.count === 0 ? '' : t('live.came', { count: said.count })}
    </span>
  )
}
