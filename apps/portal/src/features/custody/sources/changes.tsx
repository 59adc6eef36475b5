import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { StateChip } from '../../../ui/state-chip.tsx'
import type { Change } from './queries.ts'

/** What takes something away that plans may read. */
const lossy: readonly Change['what'][] = ['table_gone', 'column_gone', 'type_changed']

/** What is different in a table from the last time it was looked through. */
export function Changes({ changes }: { readonly changes: readonly Change[] }) {
  const { t } = useTranslation('custody.sources')
  if (changes.length === 0) return <Text c="dimmed">{t('changes.none')}</Text>
  return (
    <List spacing={4} listStyleType="none">
      {changes.map(({ what, column, from, to }) => (
        <List.Item key={`${what} ${column ?? ''}`}>
          <StateChip tone={lossy.includes(what) ? 'deny' : 'info'}>{t(`changes.${what}`)}</StateChip> {column === null ? null : <code>{column}</code>}{' '}
          {from === null && to === null ? null : t('changes.fromTo', { from: from ?? '–', to: to ?? '–' })}
        </List.Item>
      ))}
    </List>
  )
}
