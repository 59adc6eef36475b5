import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useSession } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import type { Call } from '../../governance/partners/merge-calls.ts'
import { callsQuery, partnersKey } from '../../governance/partners/queries.ts'
import { Card } from './card.tsx'
import { LinkTo } from './link-to.tsx'

const shownMax = 8

/** What one's programs asked last, and what they were answered. A partner's stream has no refusals, so these come with the next look or the next call that is permitted. */
export function CallsCard() {
  const { t } = useTranslation('home.cards')
  const partner = useSession().partner ?? ''
  useLive(['release.*'], [...partnersKey, partner, 'calls'])
  const query = useQuery({ ...callsQuery(partner), enabled: partner !== '' })
  return (
    <QueryView query={query}>
      {(calls) => {
        const refused = calls.filter(({ kind }) => kind === 'refused').length
        const says =
          calls.length === 0 ? t('calls.none') : refused === 0 ? t('calls.fine', { count: calls.length }) : t('calls.refused', { count: calls.length, refused })
        return (
          <Card title={t('calls.title')} says={says} to="/exchange/releases">
            {calls.length === 0 ? null : (
              <ul className="home-list">
                {calls.slice(0, shownMax).map((call) => (
                  <li key={call.id}>
                    <CallRow call={call} />
                  </li>
                ))}
              </ul>
            )}
          </Card>
        )
      }}
    </QueryView>
  )
}

function CallRow({ call }: { readonly call: Call }) {
  const { t } = useTranslation('home.cards')
  const granted = call.kind === 'granted'
  return (
    <Group gap="xs">
      <StateChip tone={granted ? 'permit' : 'deny'}>{t(granted ? 'decision.permit' : 'decision.deny')}</StateChip>
      <LinkTo kind={granted ? 'release' : 'entry'} id={call.id}>
        {call.purpose ?? t('calls.noPurpose')}
      </LinkTo>
      <Text span size="sm" c="dimmed">
        <Moment at={call.at} />
      </Text>
      {granted ? null : <Text size="sm">{call.reasons.map((reason) => t(`reason.${reason}`, reason)).join(', ')}</Text>}
    </Group>
  )
}
