import { Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Moment } from '../moment.tsx'
import { QueryView } from '../query-view.tsx'
import { ShortId } from '../short-id.tsx'
import { StateChip } from '../state-chip.tsx'
import { EmptyState } from '../states.tsx'
import { type CheckedEntry, objectEvidence, verifiedMax } from './queries.ts'
import { FaultVerdict, faultOf, GoodVerdict } from './verdict.tsx'

/** The tab *Evidence*: every entry about the object, verified in this browser. */
export function ObjectEvidence({ kind, id }: { readonly kind: string; readonly id: string }) {
  const { t } = useTranslation()
  const query = useQuery(objectEvidence(kind, id))
  return (
    <Stack gap="lg">
      <Text maw={720}>{t('evidence.aboutObject')}</Text>
      <QueryView query={query}>
        {({ checked, more }) => (checked.length === 0 ? <EmptyState title={t('activity.none')} /> : <Shown checked={checked} more={more} />)}
      </QueryView>
    </Stack>
  )
}

function Shown({ checked, more }: { readonly checked: readonly CheckedEntry[]; readonly more: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const fault = checked.map(faultOf).find((found) => found !== undefined)
  const log = checked[0]?.log
  return (
    <>
      {fault !== undefined ? <FaultVerdict fault={fault} /> : null}
      {fault === undefined && log?.good === true ? (
        <GoodVerdict log={log}>{t('evidence.allIncluded', { count: checked.length, size: format.number(log.size) })}</GoodVerdict>
      ) : null}
      {more ? <Text size="sm">{t('evidence.newestOnly', { count: verifiedMax })}</Text> : null}
      <Table.ScrollContainer minWidth={300} type="native">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('object.entry')}</Table.Th>
              <Table.Th scope="col">{t('evidence.what')}</Table.Th>
              <Table.Th scope="col">{t('evidence.when')}</Table.Th>
              <Table.Th scope="col">{t('evidence.result')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {checked.map((one) => {
              const { entry } = one
              const wrong = faultOf(one)
              return (
                <Table.Tr key={entry.id}>
                  <Table.Td>
                    <ShortId id={entry.id} kind="entry" />
                  </Table.Td>
                  <Table.Td>{t(`entry.${entry.body.type.replaceAll('.', '-')}`, entry.body.type)}</Table.Td>
                  <Table.Td>
                    <Moment at={entry.body.at} />
                  </Table.Td>
                  <Table.Td>
                    <StateChip tone={wrong === undefined ? 'permit' : 'deny'}>{t(wrong === undefined ? 'evidence.verified' : 'evidence.refused')}</StateChip>
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  )
}
