import { Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { meaning } from '../../../theme.ts'
import { StateChip } from '../../../ui/state-chip.tsx'
import { useSemanticName } from '../../custody/imports/column-words.ts'
import { signedBits } from './bits.ts'
import { useLevelName } from './level-name.ts'
import type { OpenedPair } from './queries.ts'

const tones = { for: 'permit', against: 'deny', nothing: 'neutral' } as const
const edges = { for: meaning.permit, against: meaning.deny, nothing: 'gray' } as const

/** Two records side by side: each comparison with both values, what it says, and how much. Colour is never the only sign. */
export function Comparisons({ pair }: { readonly pair: OpenedPair }) {
  const { t } = useTranslation('exchange.linkage')
  const [semanticName, levelName] = [useSemanticName(), useLevelName()]
  const format = useFormat()
  return (
    <Stack gap="sm">
      <Text>
        {t('likely', {
          probability: format.percent(Math.floor(pair.probability * 1_000) / 1_000),
          prior: signedBits(pair.prior, format),
          total: signedBits(pair.total, format),
        })}
      </Text>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {pair.comparisons.map((comparison) => (
          <Paper
            key={comparison.comparison}
            component="li"
            withBorder
            p="sm"
            style={{ borderInlineStart: `4px solid var(--mantine-color-${edges[comparison.says]}-filled)` }}
          >
            <Stack gap={4}>
              <Group justify="space-between" gap="xs">
                <Text fw={600}>{semanticName(comparison.comparison)}</Text>
                <StateChip tone={tones[comparison.says]}>{t(`says.${comparison.says}`)}</StateChip>
              </Group>
              <SimpleGrid cols={2} spacing="sm">
                <Side source={pair.left_source} values={comparison.left} />
                <Side source={pair.right_source} values={comparison.right} />
              </SimpleGrid>
              <Text size="sm" c="dimmed">
                {t('weighs', { level: levelName(comparison.level), bits: signedBits(comparison.bits, format) })}
              </Text>
            </Stack>
          </Paper>
        ))}
      </Stack>
      {pair.votes.length === 0 ? null : (
        <Text size="sm">
          {t('votes', { votes: format.list(pair.votes.map(({ choice, reason }) => `${t(`choice.${choice}`)} (${t(`reason.${reason}`)})`)) })}
        </Text>
      )}
    </Stack>
  )
}

function Side({ source, values }: { readonly source: string; readonly values: readonly (string | null)[] }) {
  const { t } = useTranslation('exchange.linkage')
  return (
    <div>
      <Text size="xs" c="dimmed">
        {source}
      </Text>
      <Text style={{ overflowWrap: 'anywhere' }}>{values.map((value) => value ?? t('missing')).join(', ')}</Text>
    </div>
  )
}
