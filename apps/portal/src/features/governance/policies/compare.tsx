import { Group, Select, Stack } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../ui/states.tsx'
import { Differences } from './differences.tsx'
import type { Policy } from './queries.ts'

/** Any two versions, beginning with the one in force and the newest. */
export function CompareTab({ policy }: { readonly policy: Policy }) {
  const { t } = useTranslation('governance.policies')
  const search = useSearch({ strict: false }) as { from?: string; to?: string }
  const navigate = useNavigate()
  const numbers = policy.versions.map(({ version }) => version)
  const newest = numbers[0] ?? 1
  const active = policy.versions.find(({ state }) => state === 'active')?.version
  const read = (text: string | undefined, otherwise: number) => (numbers.includes(Number(text)) ? Number(text) : otherwise)
  const to = read(search.to, newest)
  const from = read(search.from, active !== undefined && active !== to ? active : Math.max(1, to - 1))
  const choose = (part: { from?: string; to?: string }) =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, ...part }) as never, replace: true })
  if (numbers.length < 2) return <EmptyState title={t('compare.one')} about={t('compare.oneAbout')} />
  const choices = policy.versions.map(({ version, state }) => ({ value: String(version), label: `${t('version', { version })} · ${t(`state.${state}`)}` }))
  return (
    <Stack gap="md">
      <Group gap="sm">
        <Select label={t('compare.from')} data={choices} value={String(from)} onChange={(value) => choose({ from: value ?? '' })} allowDeselect={false} />
        <Select label={t('compare.to')} data={choices} value={String(to)} onChange={(value) => choose({ to: value ?? '' })} allowDeselect={false} />
      </Group>
      <Differences policy={policy.id} from={from} to={to} order={2} />
    </Stack>
  )
}
