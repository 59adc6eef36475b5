import { Group, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import type { Review } from './queries.ts'
import { choiceTones } from './state.tsx'

/** A colleague by name. Who is not named any more has no account. */
export function Named({ id, people }: { readonly id: string; readonly people: Review['people'] }) {
  const { t } = useTranslation('governance.reviews')
  const { user } = useSession()
  if (user?.id === id) return t('you')
  return people.find((one) => one.id === id)?.name ?? <ShortId id={id} kind="user" />
}

/** "Team Ethics": a team by its name, a role by its word. */
export function usePanelName() {
  const { t } = useTranslation('governance.reviews')
  return ({ kind, id, name }: Review['panels'][number] & { readonly name?: string | null }): string =>
    kind === 'team' ? t('panel.team', { name: name ?? id.slice(-6) }) : t('panel.role', { name: name ?? t(`role.${id}`, id) })
}

/** Each panel with what it has and needs, and the votes of the round as far as they may be seen. */
export function Votes({ review }: { readonly review: Review }) {
  const { t } = useTranslation('governance.reviews')
  const nameOf = usePanelName()
  const { panels, votes, panel_names: names, people } = review
  return (
    <section aria-labelledby="votes">
      <Title order={2} id="votes" mb="sm">
        {t('votes.title')}
      </Title>
      <Group gap="xs" mb="sm">
        {panels.map((panel, place) => (
          <StateChip key={panel.id} tone={panel.voted >= panel.quorum ? 'permit' : 'neutral'}>
            {t('votes.of', { panel: nameOf({ ...panel, name: names[place] ?? null }), have: panel.voted, need: panel.quorum })}
          </StateChip>
        ))}
      </Group>
      {votes.length === 0 ? (
        <Text c="dimmed">{t('votes.none')}</Text>
      ) : (
        <WideTable label={t('votes.title')} minWidth={520}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('votes.who')}</Table.Th>
              <Table.Th scope="col">{t('votes.choice')}</Table.Th>
              <Table.Th scope="col">{t('votes.panel')}</Table.Th>
              <Table.Th scope="col">{t('votes.when')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {votes.map(({ voter, seat, panel, choice, voted_at }) => (
              <Table.Tr key={voter}>
                <Table.Td>
                  <Named id={voter} people={people} />
                  {seat === voter ? null : (
                    <Text size="sm" c="dimmed">
                      {t('votes.for')} <Named id={seat} people={people} />
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {choice === null ? (
                    <StateChip tone="neutral">{t('votes.hidden')}</StateChip>
                  ) : (
                    <StateChip tone={choiceTones[choice]}>{t(`choice.${choice}.done`)}</StateChip>
                  )}
                </Table.Td>
                <Table.Td>{panels[panel] === undefined ? null : nameOf({ ...panels[panel], name: names[panel] ?? null })}</Table.Td>
                <Table.Td>
                  <Moment at={voted_at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </section>
  )
}
