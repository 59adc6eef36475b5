import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { asWords } from '../disclosures/plain.ts'
import { disconnect, myConnectionsQuery } from './queries.ts'

/** Who is named in what the person allows, each with one button that ends all of it. */
export function Connections() {
  const { t } = useTranslation('me.consents')
  const known = useQuery(myConnectionsQuery()).data
  if (known === undefined || known.connections.length === 0) return null
  return (
    <Stack component="section" gap="sm" aria-labelledby="connections">
      <Title order={2} id="connections">
        {t('connections.title')}
      </Title>
      {known.connections.map(({ partner, name, consents }) => {
        const called = name ?? asWords(partner)
        return (
          <Paper key={partner} component="article" withBorder p="md" aria-label={called}>
            <Group justify="space-between" gap="sm">
              <div>
                <Text fw={600}>{called}</Text>
                <Text size="sm" c="dimmed">
                  {t('connections.consents', { count: consents.length })}
                </Text>
              </div>
              <ConfirmButton
                label={t('connections.disconnect')}
                title={t('connections.sure', { name: called })}
                consequence={t('connections.consequence')}
                confirm={t('connections.confirm')}
                act={() => disconnect(partner)}
              />
            </Group>
          </Paper>
        )
      })}
      {known.everybody === 0 ? null : <Text size="sm">{t('connections.everybody', { count: known.everybody })}</Text>}
    </Stack>
  )
}
