import { Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface SectionProps {
  /** Of the heading; unique on the page. */
  readonly id: string
  readonly title: string
  readonly about?: string
  /** What can be begun here: a button, or nothing for whoever may not. */
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** A part of a page under a heading of its own. */
export function Section({ id, title, about, action, children }: SectionProps) {
  return (
    <Stack component="section" gap="sm" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} id={id}>
            {title}
          </Title>
          {about === undefined ? null : (
            <Text c="dimmed" maw={720}>
              {about}
            </Text>
          )}
        </div>
        {action}
      </Group>
      {children}
    </Stack>
  )
}
