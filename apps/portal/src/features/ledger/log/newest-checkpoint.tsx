import { Anchor, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Copyable } from '../../../ui/copyable.tsx'
import { logEvidence } from '../../../ui/evidence/queries.ts'
import { FaultVerdict } from '../../../ui/evidence/verdict.tsx'
import { QueryView } from '../../../ui/query-view.tsx'

/** The signed note to keep, as outsiders are shown it; *Verify* judges it in full. */
export function NewestCheckpoint() {
  const { t } = useTranslation('ledger.log')
  const query = useQuery(logEvidence)
  return (
    <Stack component="section" gap="sm" aria-labelledby="newest">
      <Title order={2} id="newest">
        {t('evidence.checkpoint')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('newest.about')}{' '}
        <Anchor underline="always" renderRoot={(props) => <Link {...props} to="/ledger/verify" />}>
          {t('newest.verify')}
        </Anchor>
      </Text>
      <QueryView query={query}>
        {({ stated, log }) => (
          <>
            {log.good ? null : <FaultVerdict fault={log} />}
            <Copyable text={stated.checkpoint} label={t('newest.text')} />
          </>
        )}
      </QueryView>
    </Stack>
  )
}
