import { Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Entry } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { decisionTones } from '../../../ui/activity.tsx'
import { EntryEvidence } from '../../../ui/evidence/entry-evidence.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { JsonView } from '../../../ui/json/json-view.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { auditEntry, partnerNames } from './queries.ts'
import { Told } from './told.tsx'

export function EntryPage() {
  const { entry = '' } = useParams({ strict: false }) as { entry?: string }
  const query = useQuery(auditEntry(entry))
  return (
    <QueryView whole query={query}>
      {(found) => <Shown entry={found} />}
    </QueryView>
  )
}

function Shown({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('ledger.audit')
  const { body } = entry
  // An entry itself never changes; *Activity* shows what else happened to the thing it is about.
  const about = body.object ?? { kind: 'entry', id: entry.id }
  return (
    <ObjectPage
      kind={about.kind}
      id={about.id}
      on="ledger_entry"
      title={t(`entry.${body.type.replaceAll('.', '-')}`, body.type)}
      chip={body.decision === undefined ? undefined : <StateChip tone={decisionTones[body.decision] ?? 'neutral'}>{t(`decision.${body.decision}`)}</StateChip>}
      about={t('aboutOne')}
      tabs={[{ name: 'json', label: 'JSON', content: <JsonView value={body} label={t('json')} /> }]}
      evidence={<EntryEvidence entry={entry} />}
    >
      <Overview entry={entry} />
    </ObjectPage>
  )
}

function Overview({ entry: { id, index, body } }: { readonly entry: Entry }) {
  const { t } = useTranslation('ledger.audit')
  const format = useFormat()
  const can = useCan()
  const { data: names } = useQuery({ ...partnerNames, enabled: can('read', 'partner') })
  const details = Object.entries(body.details ?? {})
  return (
    <Stack gap="lg">
      <Told body={body} partner={body.partner === undefined ? undefined : names?.get(body.partner)} />
      <Facts
        facts={[
          { label: t('at'), value: <Moment at={body.at} /> },
          { label: t('index'), value: index === null ? t('noPlace') : format.number(index) },
          { label: t('id'), value: <ShortId id={id} /> },
          { label: t('type'), value: <code>{body.type}</code> },
          {
            label: t('actorLabel'),
            value: (
              <>
                {t(`actor.${body.actor.kind}`, body.actor.kind)} <ShortId id={body.actor.id} kind={body.actor.kind} />
              </>
            ),
          },
          {
            label: t('objectLabel'),
            value:
              body.object === undefined ? null : (
                <>
                  {t(`object.${body.object.kind}`, body.object.kind)} <ShortId id={body.object.id} kind={body.object.kind} />
                </>
              ),
          },
          {
            label: t('partner'),
            value:
              body.partner === undefined ? null : (
                <>
                  {names?.get(body.partner)} <ShortId id={body.partner} kind="partner" />
                </>
              ),
          },
          { label: t('purpose'), value: body.purpose },
          { label: t('subject'), value: body.subject_c === undefined ? null : <ShortId id={body.subject_c} /> },
          { label: t('took'), value: body.took_ms === undefined ? null : format.duration(body.took_ms) },
        ]}
      />
      {details.length === 0 ? null : (
        <section aria-labelledby="details">
          <Title order={2} id="details" mb="sm">
            {t('details')}
          </Title>
          <Table.ScrollContainer minWidth={300} type="native">
            <Table>
              <Table.Tbody>
                {details.map(([name, value]) => (
                  <Table.Tr key={name}>
                    <Table.Th scope="row" w={200}>
                      <code>{name}</code>
                    </Table.Th>
                    <Table.Td>
                      <Text component="span" style={{ overflowWrap: 'anywhere' }}>
                        {typeof value === 'string' ? value : JSON.stringify(value)}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </section>
      )}
    </Stack>
  )
}
