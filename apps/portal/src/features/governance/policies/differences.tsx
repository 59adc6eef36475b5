import { Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Diff } from '../../../ui/diff/diff.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { type Comparison, comparisonQuery, versionQuery } from './queries.ts'

const effects: Readonly<Record<Comparison['changes'][number]['effect'], Tone>> = { wider: 'attention', narrower: 'permit', either: 'info' }

/** What changed between two versions: in sentences with the direction, and line by line. */
export function Differences({ policy, from, to, order = 3 }: { readonly policy: string; readonly from: number; readonly to: number; readonly order?: 2 | 3 }) {
  const { t } = useTranslation('governance.policies')
  const comparison = useQuery(comparisonQuery(policy, from, to))
  const before = useQuery(versionQuery(policy, from))
  const after = useQuery(versionQuery(policy, to))
  return (
    <Stack gap="md">
      <QueryView query={comparison}>
        {({ changes }) =>
          changes.length === 0 ? (
            <Text c="dimmed">{t('compare.same')}</Text>
          ) : (
            <ul className="nav" aria-label={t('compare.changes')}>
              {changes.map(({ rule, pointer, kind, effect, sentence }) => (
                <li key={`${kind} ${rule} ${pointer}`}>
                  <Group gap="sm" py={6} wrap="nowrap" align="flex-start">
                    <StateChip tone={effects[effect]}>{t(`effect.${effect}`)}</StateChip>
                    <Text lang="en" miw={0} style={{ overflowWrap: 'anywhere' }}>
                      {sentence}
                    </Text>
                  </Group>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      {before.data === undefined || after.data === undefined ? null : (
        <>
          <Title order={order}>{t('compare.lines')}</Title>
          <Diff label={t('compare.lines')} before={before.data.document} after={after.data.document} />
        </>
      )}
    </Stack>
  )
}
