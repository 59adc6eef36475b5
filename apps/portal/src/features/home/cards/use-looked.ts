import { useLocalStorage } from '@mantine/hooks'
import { useState } from 'react'

const firstDays = 7
const dayMs = 86_400_000

/** When somebody last said to have looked, kept in this browser; at first a week ago. */
export function useLooked(user: string): [string, (at: string) => void] {
  const [first] = useState(() => new Date(Date.now() - firstDays * dayMs).toISOString())
  const [looked, look] = useLocalStorage({ key: `gatehouse-looked-${user}`, defaultValue: first, getInitialValueInEffect: false })
  return [Number.isNaN(Date.parse(looked)) ? first : looked, look]
}
