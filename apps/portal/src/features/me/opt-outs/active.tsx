import { Button, Paper, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { ProblemAlert } from '../../../ui/states.tsx'
import { asWords } from '../disclosures/plain.ts'
import type { OptOut } from './queries.ts'

interface ActiveProps {
  readonly optOut: OptOut
  /** Absent where whoever reads cannot allow it again. */
  readonly lift?: () => Promise<void>
  readonly onLifted?: () => void
}

/** One thing that is not wanted, and the way to allow it again. */
export function Active({ optOut, lift, onLifted }: ActiveProps) {
  const { t } = useTranslation('me.opt-outs')
  const format = useFormat()
  const lifting = useMutation({ mutationFn: async () => lift?.(), onSuccess: onLifted })
  return (
    <Paper component="article" withBorder p="md">
      <Stack gap="sm" align="flex-start">
        <Text>{t(`what.${optOut.scope}`, { what: optOut.label ?? asWords(optOut.term ?? '') })}</Text>
        <Text size="sm" c="dimmed">
          {t(`source.${optOut.source}`, { day: format.longDay(optOut.set_at) })}
        </Text>
        <ProblemAlert error={lifting.error} />
        {lift === undefined ? null : (
          <Button variant="default" onClick={() => lifting.mutate()} loading={lifting.isPending}>
            {t('lift')}
          </Button>
        )}
      </Stack>
    </Paper>
  )
}
