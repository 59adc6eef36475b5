import { Group, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { StateChip } from './state-chip.tsx'
import { ProblemAlert } from './states.tsx'
import './steps.css'

interface GrowingProps {
  /** The words under `growing` of the feature's catalogue. */
  readonly word: (name: 'title' | 'faulty' | 'sound' | 'reading') => string
  readonly draft: {
    readonly faults: readonly unknown[]
    readonly reading: { readonly ok: boolean }
    readonly sound: boolean
    readonly error: Error | null
  }
  readonly gap: 'sm' | 'md'
  readonly children: ReactNode
}

/** What grows beside the forms of a wizard, and whether the node has found it sound. */
export function Growing({ word, draft, gap, children }: GrowingProps) {
  return (
    <aside className="growing" aria-label={word('title')}>
      <Stack gap={gap}>
        <Group justify="space-between">
          <Title order={2}>{word('title')}</Title>
          <span role="status">
            {draft.faults.length > 0 || !draft.reading.ok ? (
              <StateChip tone="attention">{word('faulty')}</StateChip>
            ) : draft.sound ? (
              <StateChip tone="permit">{word('sound')}</StateChip>
            ) : (
              <StateChip tone="neutral">{word('reading')}</StateChip>
            )}
          </span>
        </Group>
        <ProblemAlert error={draft.error} />
        {children}
      </Stack>
    </aside>
  )
}
