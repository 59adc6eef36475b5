import { Fieldset, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useWords } from '../access/words.ts'
import type { ApiKey } from './queries.ts'

export type KeyScopes = NonNullable<ApiKey['scopes']>
type Level = 'none' | KeyScopes[number]['level']

/** What a partner's program may do at all; to name anything else would give it nothing. */
const areas = ['release', 'ledger_entry', 'pattern', 'webhook', 'purpose', 'proof', 'partner'] as const
const levels = ['none', 'read', 'write'] as const

/** Chooses what a key reaches: everything that the partner may, or some kinds of things. `undefined` is everything. */
export function ChooseScopes({ value, onChange }: { readonly value: KeyScopes | undefined; readonly onChange: (scopes: KeyScopes | undefined) => void }) {
  const { t } = useTranslation('governance.partners')
  const words = useWords()
  const levelOf = (area: string): Level => value?.find((one) => one.area === area)?.level ?? 'none'
  const set = (area: (typeof areas)[number], level: Level) => {
    const others = (value ?? []).filter((one) => one.area !== area)
    onChange(level === 'none' ? others : [...others, { area, level }])
  }
  return (
    <Fieldset legend={t('apiKeys.reach.title')}>
      <Stack gap="sm">
        <SegmentedControl
          aria-label={t('apiKeys.reach.title')}
          value={value === undefined ? 'all' : 'some'}
          onChange={(choice) => onChange(choice === 'all' ? undefined : [])}
          data={[
            { value: 'all', label: t('apiKeys.reach.all') },
            { value: 'some', label: t('apiKeys.reach.some') },
          ]}
        />
        <Text size="sm" c="dimmed">
          {t(value === undefined ? 'apiKeys.reach.allAbout' : 'apiKeys.reach.someAbout')}
        </Text>
        {value === undefined
          ? null
          : areas.map((area) => (
              <Group key={area} justify="space-between" gap="xs">
                <Text size="sm">{words.area(area)}</Text>
                <SegmentedControl
                  size="xs"
                  aria-label={words.area(area)}
                  value={levelOf(area)}
                  onChange={(level) => set(area, level as Level)}
                  data={levels.map((level) => ({ value: level, label: t(`apiKeys.reach.${level}`) }))}
                />
              </Group>
            ))}
      </Stack>
    </Fieldset>
  )
}

/** What a key reaches, in words. */
export function Reach({ scopes }: { readonly scopes: ApiKey['scopes'] }) {
  const { t } = useTranslation('governance.partners')
  const words = useWords()
  if (scopes === null) return <Text size="sm">{t('apiKeys.reach.all')}</Text>
  return (
    <Stack gap={0}>
      {scopes.map(({ area, level, scope }) => (
        <Text size="sm" key={`${area} ${level} ${scope?.id ?? ''}`}>
          {t('apiKeys.reach.one', { area: words.area(area), level: t(`apiKeys.reach.${level}`) })}
        </Text>
      ))}
    </Stack>
  )
}
