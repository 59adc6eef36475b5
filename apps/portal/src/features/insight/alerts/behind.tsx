import { Anchor, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { decisionTones } from '../../../ui/activity.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { useOpen } from '../../../ui/use-open.ts'
import { WideTable } from '../../../ui/wide-table.tsx'
import { behindQuery, shownMax } from './behind-query.ts'
import type { Alert, Condition } from './queries.ts'

/** The entries of the ledger on which the rule fired. */
export function Behind({ alert, condition }: { readonly alert: Alert; readonly condition: Condition | undefined }) {
  const { t } = useTranslation('insight.alerts')
  const query = useQuery(behindQuery(alert, condition))
  const audit = useOpen()('/ledger/audit')
  return (
    <section aria-labelledby="behind">
      <Title order={2} id="behind" mb="xs">
        {t('behind.title')}
      </Title>
      <QueryView query={query}>
        {(entries) => (
          <>
            <WideTable label={t('behind.title')} minWidth={480}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('behind.when')}</Table.Th>
                  <Table.Th scope="col">{t('behind.what')}</Table.Th>
                  <Table.Th scope="col">{t('behind.decision')}</Table.Th>
                  <Table.Th scope="col">{t('behind.reasons')}</Table.Th>
                  <Table.Th scope="col">{t('behind.entry')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {entries.map(({ id, body }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <Moment at={body.at} />
                    </Table.Td>
                    <Table.Td>{t(`entry.${body.type.replaceAll('.', '-')}`, body.type)}</Table.Td>
                    <Table.Td>
                      {body.decision === undefined ? (
                        '–'
                      ) : (
                        <StateChip tone={decisionTones[body.decision] ?? 'neutral'}>{t(`decision.${body.decision}`)}</StateChip>
                      )}
                    </Table.Td>
                    <Table.Td>
                      {reasonsOf(body.details)
                        .map((reason) => t(`reason.${reason}`, reason))
                        .join(', ') || '–'}
                    </Table.Td>
                    <Table.Td>
                      <ShortId id={id} kind="entry" />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
            {entries.length < shownMax ? null : (
              <Text size="sm" c="dimmed">
                {t('behind.newest', { count: shownMax })}
              </Text>
            )}
            {audit && alert.about.kind === 'partner' ? (
              <Anchor renderRoot={(props) => <Link {...props} to="/ledger/audit" search={{ partner: alert.about.id }} />}>{t('behind.audit')}</Anchor>
            ) : null}
          </>
        )}
      </QueryView>
    </section>
  )
}

function reasonsOf(details: Readonly<Record<string, unknown>> | undefined): string[] {
  const reasons = details?.reasons
  return Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === 'string') : []
}
