import { Progress as Bar, Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'

interface ProgressProps {
  /** What is being done: "Importing customers.csv". */
  readonly label: string
  readonly done: number
  /** Absent while nobody knows how much there is; 1 where `done` is a share already, which is then said once. */
  readonly of?: number | undefined
  /** What is happening right now: "line 14,200, 3 refused". */
  readonly now?: string
  readonly onCancel?: () => void
  /** How an amount is written; a plain number where nothing is said. */
  readonly amount?: (value: number) => string
}

/** Long work that can be watched and stopped. */
export function Progress({ label, done, of, now, onCancel, amount }: ProgressProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const written = amount ?? format.number
  const share = of === undefined || of === 0 ? undefined : Math.min(done / of, 1)
  const count = of === undefined ? written(done) : t('progress.of', { done: written(done), of: written(of) })
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600}>{label}</Text>
        {onCancel === undefined ? null : (
          <Button size="compact-sm" variant="default" onClick={onCancel}>
            {t('cancel')}
          </Button>
        )}
      </Group>
      <Bar.Root>
        <Bar.Section
          value={(share ?? 1) * 100}
          animated={share === undefined}
          aria-label={label}
          aria-valuetext={share === undefined ? count : format.percent(share)}
        />
      </Bar.Root>
      <Text size="sm" c="dimmed">
        {share === undefined ? count : of === 1 ? format.percent(share) : `${format.percent(share)} · ${count}`}
        {now === undefined ? '' : ` · ${now}`}
      </Text>
    </Stack>
  )
}
