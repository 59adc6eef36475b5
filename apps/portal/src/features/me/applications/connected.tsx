import { Group, Paper, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { Section } from '../../../ui/section.tsx'
import { AskedFor } from './asked-for.tsx'
import { myApplicationsQuery, withdraw } from './queries.ts'

/** The applications that somebody lets act for them, each with one button that ends it. */
export function ConnectedApplications() {
  const { t } = useTranslation('me.applications')
  const connections = useQuery(myApplicationsQuery).data ?? []
  if (connections.length === 0) return null
  return (
    <Section id="applications" title={t('connected.title')} about={t('connected.about')}>
      {connections.map(({ id, application: { name, purpose, owner }, scopes, claims, created_at }) => (
        <Paper key={id} component="article" withBorder p="md" aria-label={name}>
          <Group justify="space-between" gap="sm" align="flex-start">
            <div>
              <Title order={3} size="h4">
                {name}
              </Title>
              {owner === null ? null : (
                <Text size="sm" c="dimmed">
                  {t('by', { owner })}
                </Text>
              )}
            </div>
            <ConfirmButton
              label={t('connected.withdraw')}
              title={t('connected.sure', { name })}
              consequence={t('connected.consequence')}
              confirm={t('connected.confirm')}
              act={() => withdraw(id)}
            />
          </Group>
          <Text my="xs">{purpose}</Text>
          <AskedFor scopes={scopes} claims={claims} />
          <Text size="sm" c="dimmed" mt="xs">
            {t('connected.since')} <Moment at={created_at} />
          </Text>
        </Paper>
      ))}
    </Section>
  )
}
