/** What is said in passing, bottom right. Its script is fetched with the first thing that is said. */
import { lazy, Suspense, useSyncExternalStore } from 'react'

const load = () => import('@mantine/notifications')
const Notifications = lazy(async () => ({ default: (await load()).Notifications }))

let wanted = false
const listeners = new Set<() => void>()

export async function say(message: string): Promise<void> {
  const { notifications } = await load()
  wanted = true
  for (const listener of listeners) listener()
  notifications.show({ message })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Notices() {
  return useSyncExternalStore(subscribe, () => wanted) ? (
    <Suspense fallback={null}>
      <Notifications position="bottom-right" />
    </Suspense>
  ) : null
}
