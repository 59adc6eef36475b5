import { IconAlertTriangle, IconCircle, IconCircleCheck, IconCircleX, IconInfoCircle, type TablerIcon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { meaning } from '../theme.ts'

export type Tone = 'permit' | 'attention' | 'deny' | 'info' | 'neutral'

const tones: Readonly<Record<Tone, { readonly color: string; readonly icon: TablerIcon }>> = {
  permit: { color: meaning.permit, icon: IconCircleCheck },
  attention: { color: meaning.attention, icon: IconAlertTriangle },
  deny: { color: meaning.deny, icon: IconCircleX },
  info: { color: 'indigo', icon: IconInfoCircle },
  neutral: { color: 'gray', icon: IconCircle },
}

/** A state in one word; the icon says it to whoever does not see the colour. Plain elements, for lists draw hundreds of them. */
export function StateChip({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const { color, icon: Icon } = tones[tone]
  return (
    <span className="chip">
      <Icon size={14} color={`var(--mantine-color-${color}-text)`} aria-hidden />
      {children}
    </span>
  )
}
