import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useSession } from '../../../session.ts'
import { decisionTones } from '../../../ui/activity.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { Who } from '../../../ui/who.tsx'
import { Card } from './card.tsx'
import { changesKey, changesQuery, changeTypes } from './changes-query.ts'
import { useLooked } from './use-looked.ts'

const shownMax = 12

/** What was changed since one last looked. Looking is said by a button, for a page that was opened is not yet read. */
export function ChangesCard() {
  const { t } = useTranslation('home.cards')
  const { user } = useSession()
  const [looked, look] = useLooked(user?.id ?? '')
  const query = useQuery(changesQuery(looked))
  useLive(changeTypes, changesKey)
  return (
    <QueryView query={query}>
      {({ changes, more }) => (
        <Card
          title={t('changes.title')}
          says={
            <>
              {t(changes.length === 0 ? 'changes.none' : more ? 'changes.many' : 'changes.some', { count: changes.length })} {t('changes.since')}{' '}
              <Moment at={looked} />
            </>
          }
          to="/ledger/audit"
        >
          {changes.length === 0 ? null : (
            <ul className="home-list">
              {changes.slice(0, shownMax).map(({ id, body }) => (
                <li key={id}>
                  <Group gap="xs">
                    <Text span fw={600}>
                      {t(`entry.${body.type.replaceAll('.', '-')}`, body.type)}
                    </Text>
                    {body.decision === undefined || body.decision === 'permit' ? null : (
                      <StateChip tone={decisionTones[body.decision] ?? 'neutral'}>{t(`decision.${body.decision}`)}</StateChip>
                    )}
                    <Text span size="sm" c="dimmed">
                      <Moment at={body.at} />
                    </Text>
                    <Text span size="sm">
                      {body.actor.kind === 'user' ? <Who id={body.actor.id} /> : t(`actor.${body.actor.kind}`, body.actor.kind)} · {t('activity.entry')}{' '}
                      <ShortId id={id} kind="entry" />
                    </Text>
                  </Group>
                </li>
              ))}
            </ul>
          )}
          {changes.length > shownMax ? (
            <Text size="sm" c="dimmed">
              {t('changes.older', { count: changes.length - shownMax })}
            </Text>
          ) : null}
          <Group>
            <Button variant="default" size="compact-md" disabled={changes.length === 0} onClick={() => look(changes[0]?.body.at ?? looked)}>
              {t('changes.looked')}
            </Button>
          </Group>
        </Card>
      )}
    </QueryView>
  )
}
