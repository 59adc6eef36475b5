import { useNotifications } from '@mantine/notifications'
import { lazy, Suspense, useState } from 'react'

const Notifications = lazy(async () => ({ default: (await import('@mantine/notifications')).Notifications }))

/** What is said in passing, bottom right. Its script is fetched with the first thing that is said. */
export function Notices() {
  const { notifications } = useNotifications()
  const [wanted, setWanted] = useState(false)
  if (!wanted && notifications.length > 0) setWanted(true)
  return wanted ? (
    <Suspense fallback={null}>
      <Notifications position="bottom-right" />
    </Suspense>
  ) : null
}
