import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

/**
 * A table that scrolls by itself where the screen is narrower than it. It is within reach of the keyboard, and holds what stands
 * in it for screen readers alone, which would otherwise widen the page.
 */
export function WideTable({ label, minWidth, children }: { readonly label: string; readonly minWidth: number; readonly children: ReactNode }) {
  return (
    <Table.ScrollContainer minWidth={minWidth} type="native" role="group" aria-label={label} tabIndex={0} pos="relative">
      <Table>{children}</Table>
    </Table.ScrollContainer>
  )
}
