import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Moment } from './moment.tsx'

export interface TimelineEvent {
  readonly key: string
  /** Absent for a step that has not happened yet. */
  readonly at?: string | undefined
  readonly title: ReactNode
  readonly chip?: ReactNode
  readonly text?: ReactNode
}

/** What happened, in the order given; a step without a time is still to come. */
export function Timeline({ label, events }: { readonly label: string; readonly events: readonly TimelineEvent[] }) {
  return (
    <ol className="timeline" aria-label={label}>
      {events.map(({ key, at, title, chip, text }) => (
        <li key={key} data-done={at !== undefined}>
          <Group gap="xs">
            <Text fw={600}>{title}</Text>
            {chip}
            {at === undefined ? null : (
              <Text c="dimmed" size="sm">
                <Moment at={at} />
              </Text>
            )}
          </Group>
          {text === undefined ? null : <Text size="sm">{text}</Text>}
        </li>
      ))}
    </ol>
  )
}
