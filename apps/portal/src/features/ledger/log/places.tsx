import { Anchor, Button, Group, NumberInput, Stack, Table, Text, Title } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { decisionTones } from '../../../ui/activity.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useAddressValues } from '../../../ui/use-address-values.ts'
import { WideTable } from '../../../ui/wide-table.tsx'
import { type Stretch, stretchQuery, stretchSize } from './queries.ts'

/** The log in its own order, some places at a time; the first of them stands in the address. */
export function Places({ size }: { readonly size: number }) {
  const { t } = useTranslation('ledger.log')
  const format = useFormat()
  const [{ from: asked }, change] = useAddressValues()
  const last = Math.max(0, size - stretchSize)
  const from = /^\d{1,15}$/.test(asked ?? '') ? Math.min(Number(asked), Math.max(0, size - 1)) : last
  const query = useQuery({ ...stretchQuery(from), placeholderData: keepPreviousData })
  const [typed, setTyped] = useState<number | string>('')
  const go = (to: number) => change({ from: to >= last ? undefined : String(Math.max(0, to)) })
  return (
    <Stack component="section" gap="sm" aria-labelledby="places">
      <Title order={2} id="places">
        {t('places.title')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('places.about')}
      </Text>
      {size === 0 ? (
        <EmptyState title={t('places.empty.title')} about={t('places.empty.about')} />
      ) : (
        <>
          <Group gap="xs" align="flex-end">
            <form
              onSubmit={(event) => {
                event.preventDefault()
                if (typed !== '') change({ from: String(typed) })
              }}
            >
              <Group gap="xs" align="flex-end">
                <NumberInput
                  label={t('places.place')}
                  w={140}
                  min={0}
                  max={size - 1}
                  allowDecimal={false}
                  allowNegative={false}
                  hideControls
                  value={typed}
                  onChange={setTyped}
                />
                <Button type="submit" variant="default">
                  {t('places.go')}
                </Button>
              </Group>
            </form>
            <Button variant="default" leftSection={<IconChevronLeft size={16} aria-hidden />} disabled={from === 0} onClick={() => go(from - stretchSize)}>
              {t('places.earlier')}
            </Button>
            <Button
              variant="default"
              rightSection={<IconChevronRight size={16} aria-hidden />}
              disabled={from + stretchSize >= size}
              onClick={() => go(from + stretchSize)}
            >
              {t('places.later')}
            </Button>
          </Group>
          <QueryView query={query}>
            {({ data }) => (
              <>
                <Text size="sm" c="dimmed" role="status">
                  {t('places.shown', {
                    from: format.number(data[0]?.index ?? from),
                    to: format.number(data.at(-1)?.index ?? from),
                    size: format.number(size),
                  })}
                </Text>
                <Entries entries={data} />
              </>
            )}
          </QueryView>
        </>
      )}
    </Stack>
  )
}

function Entries({ entries }: { readonly entries: Stretch['data'] }) {
  const { t } = useTranslation('ledger.log')
  const format = useFormat()
  return (
    <WideTable label={t('places.title')} minWidth={520}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col" ta="end" w={90}>
            {t('places.place')}
          </Table.Th>
          <Table.Th scope="col">{t('places.what')}</Table.Th>
          <Table.Th scope="col">{t('places.when')}</Table.Th>
          <Table.Th scope="col">{t('places.decision')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map(({ id, index, body }) => (
          <Table.Tr key={id}>
            <Table.Td ta="end">{index === null ? '' : format.number(index)}</Table.Td>
            <Table.Td>
              <Anchor underline="always" renderRoot={(props) => <Link {...props} to="/ledger/audit/$entry" params={{ entry: id } as never} />}>
                {t(`entry.${body.type.replaceAll('.', '-')}`, body.type)}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Moment at={body.at} focusable={false} />
            </Table.Td>
            <Table.Td>
              {body.decision === undefined ? '' : <StateChip tone={decisionTones[body.decision] ?? 'neutral'}>{t(`decision.${body.decision}`)}</StateChip>}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
