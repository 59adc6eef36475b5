import { Paper, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useSession } from '../../../session.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { ApiKeys } from '../../governance/partners/api-keys.tsx'
import { partnerQuery, partnersKey } from '../../governance/partners/queries.ts'
import { WorkingRequest } from '../../governance/partners/working-request.tsx'

/** All it takes to connect a system: a key, and a request that works once it is put in. */
export function ConnectCard() {
  const { t } = useTranslation('home.cards')
  const partner = useSession().partner ?? ''
  useLive(['partners.*', 'identity.issue_key', 'identity.revoke_key'], partnersKey)
  const query = useQuery({ ...partnerQuery(partner), enabled: partner !== '' })
  return (
    <QueryView query={query}>
      {(found) => (
        <Stack gap="md">
          <Paper withBorder p="md">
            <ApiKeys partner={found} />
          </Paper>
          <Paper component="section" withBorder p="md" aria-labelledby="working-request">
            <Title order={2} id="working-request" mb="sm">
              {t('connect.request')}
            </Title>
            <WorkingRequest partner={found} />
          </Paper>
        </Stack>
      )}
    </QueryView>
  )
}
