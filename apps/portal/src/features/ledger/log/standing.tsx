import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { HaltedLog } from '../../../ui/evidence/halted-log.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { configureLog, type Standing } from './queries.ts'

export function LogStanding({ standing }: { readonly standing: Standing }) {
  const { t } = useTranslation('ledger.log')
  const format = useFormat()
  const { state, since, size, waiting, checkpoint_at, origin, quorum, cosignatures, shown_size, heads, stored_size } = standing
  return (
    <Stack component="section" gap="md" aria-labelledby="standing">
      <Title order={2} id="standing">
        {t('standing.title')}
      </Title>
      {state === 'signing' || since === null ? null : <HaltedLog reason={state} since={since} />}
      <Facts
        facts={[
          { label: t('standing.origin'), value: <code style={{ overflowWrap: 'anywhere' }}>{origin}</code> },
          { label: t('standing.size'), value: t('standing.entries', { count: size, number: format.number(size) }) },
          { label: t('standing.checkpoint'), value: checkpoint_at === null ? t('standing.never') : <Moment at={checkpoint_at} /> },
          { label: t('standing.waiting'), value: format.number(waiting) },
          {
            label: t('standing.witnesses'),
            value: (
              <Anchor underline="always" renderRoot={(props) => <Link {...props} to="/ledger/witnesses" />}>
                {quorum === 0
                  ? t('standing.noQuorum', { count: cosignatures })
                  : t('standing.quorum', { number: format.number(cosignatures), quorum: format.number(quorum) })}
              </Anchor>
            ),
          },
          { label: t('standing.shown'), value: format.number(shown_size) },
          { label: t('standing.heads'), value: t(`standing.store.${heads}`, heads) },
          ...(stored_size === null ? [] : [{ label: t('standing.stored'), value: format.number(stored_size) }]),
        ]}
      />
      <Publication standing={standing} />
    </Stack>
  )
}

function Publication({ standing: { publish_log: published, origin } }: { readonly standing: Standing }) {
  const { t } = useTranslation('ledger.log')
  const can = useCan()
  const path = `/audit/${origin.split('/')[1] ?? ''}`
  return (
    <Stack gap="xs" align="flex-start">
      <Group gap="sm">
        <Title order={3}>{t('publication.title')}</Title>
        <StateChip tone={published ? 'permit' : 'neutral'}>{t(published ? 'publication.on' : 'publication.off')}</StateChip>
      </Group>
      <Text maw={720}>{t(published ? 'publication.aboutOn' : 'publication.aboutOff')}</Text>
      {published ? (
        <Anchor href={path} underline="always" style={{ overflowWrap: 'anywhere' }}>
          {`${globalThis.location.origin}${path}`}
        </Anchor>
      ) : null}
      {can('update', 'ledger') ? (
        published ? (
          <ConfirmButton
            key="hide"
            label={t('publication.hide.label')}
            title={t('publication.hide.title')}
            consequence={t('publication.hide.consequence')}
            confirm={t('publication.hide.confirm')}
            act={() => configureLog({ publish_log: false })}
          />
        ) : (
          <ConfirmButton
            key="show"
            label={t('publication.show.label')}
            title={t('publication.show.title')}
            consequence={t('publication.show.consequence')}
            confirm={t('publication.show.confirm')}
            act={() => configureLog({ publish_log: true })}
          />
        )
      ) : null}
      <Text size="sm" c="dimmed" maw={720}>
        {t('publication.node')}{' '}
        <Anchor href="/audit/node" underline="always">
          /audit/node
        </Anchor>
      </Text>
    </Stack>
  )
}
