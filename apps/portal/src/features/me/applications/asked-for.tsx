import { List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Connection, Scope } from './queries.ts'

/** What an application may, in words: a line for each thing. */
export function AskedFor({ scopes, claims }: Pick<Connection, 'scopes' | 'claims'>) {
  const { t } = useTranslation('me.applications')
  const named = ({ area, level }: Scope) =>
    t(`may.${area}.${level}`, { defaultValue: t(level === 'read' ? 'mayRead' : 'mayWrite', { area: area.replaceAll('_', ' ') }) })
  const lines = [...claims.map((claim) => t(`claim.${claim}`)), ...scopes.map(named)]
  return (
    <List>
      {[...new Set(lines.length === 0 ? [t('mayKnow')] : lines)].map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  )
}
