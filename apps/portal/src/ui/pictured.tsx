import { Button, Group } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface PicturedProps {
  readonly className: string
  readonly title: string
  readonly picture: ReactNode
  readonly table: ReactNode
}

/** A drawing with its title, and the same as a table for whoever would rather read. */
export function Pictured({ className, title, picture, table }: PicturedProps) {
  const { t } = useTranslation()
  const [asTable, setAsTable] = useState(false)
  const id = useId()
  return (
    <figure className={className} aria-labelledby={id}>
      <Group justify="space-between" gap="xs" mb="xs">
        <figcaption id={id}>{title}</figcaption>
        <Button variant="subtle" color="gray" size="compact-md" onClick={() => setAsTable(!asTable)} aria-pressed={asTable}>
          {t(asTable ? 'chart.picture' : 'chart.table')}
        </Button>
      </Group>
      {asTable ? table : picture}
    </figure>
  )
}
