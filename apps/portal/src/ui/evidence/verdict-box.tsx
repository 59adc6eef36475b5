import './evidence.css'
import { Alert } from '@mantine/core'
import { IconCircleCheck, IconShieldX, IconZoomQuestion, type TablerIcon } from '@tabler/icons-react'
import type { ReactNode } from 'react'

const icons: Readonly<Record<'good' | 'bad' | 'cannot-tell', TablerIcon>> = { good: IconCircleCheck, bad: IconShieldX, 'cannot-tell': IconZoomQuestion }

interface VerdictBoxProps {
  readonly verdict: keyof typeof icons
  readonly title: string
  readonly children: ReactNode
}

/** The outcome of a verification; a bad one is said at once to whoever cannot see it. */
export function VerdictBox({ verdict, title, children }: VerdictBoxProps) {
  const Icon = icons[verdict]
  return (
    <Alert
      role={verdict === 'good' ? 'status' : 'alert'}
      variant="default"
      className="verdict"
      data-verdict={verdict}
      w="100%"
      icon={<Icon aria-hidden />}
      title={title}
    >
      {children}
    </Alert>
  )
}
