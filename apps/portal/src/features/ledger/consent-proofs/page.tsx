/** Which sets of consents are published, what was proven against them, and how it reached the log; of nobody in particular. */
import { Anchor, Button, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { Batches } from './batches.tsx'
import { Proofs } from './proofs.tsx'
import { Prove } from './prove.tsx'
import { proofNews, proofsKey, publishSets, setsQuery } from './queries.ts'
import { Requests } from './requests.tsx'
import { Sets } from './sets.tsx'

export function ConsentProofsPage() {
  const { t } = useTranslation('ledger.consent-proofs')
  useLive(proofNews, proofsKey)
  const query = useQuery(setsQuery)
  return (
    <Page title={t('title')} about={t('about')} actions={<Actions />}>
      <Text maw={720}>
        {t('check')}{' '}
        <Anchor href="/verify/proof" underline="always">
          /verify/proof
        </Anchor>
      </Text>
      <Stack gap="xl">
        <Stack component="section" gap="sm" aria-labelledby="sets">
          <Title order={2} id="sets">
            {t('sets.title')}
          </Title>
          <Text c="dimmed" maw={720}>
            {t('sets.about')}
          </Text>
          <QueryView query={query}>
            {({ publication }) =>
              publication === null ? <EmptyState title={t('sets.none.title')} about={t('sets.none.about')} /> : <Sets publication={publication} />
            }
          </QueryView>
        </Stack>
        <Requests />
        <Proofs />
        <Batches />
        <Text size="sm" c="dimmed">
          {t('docs')} <code>docs/reference/consent-proof.md</code>
        </Text>
      </Stack>
    </Page>
  )
}

function Actions() {
  const { t } = useTranslation('ledger.consent-proofs')
  const can = useCan()
  const publishing = useMutation({ mutationFn: publishSets, onSuccess: () => void say(t('publish.done')) })
  return (
    <>
      <ProblemAlert error={publishing.error} />
      {can('publish', 'proof') ? (
        <Button variant="default" onClick={() => publishing.mutate()} loading={publishing.isPending}>
          {t('publish.label')}
        </Button>
      ) : null}
      {can('create', 'proof') ? <Prove /> : null}
    </>
  )
}
