import { Button, Checkbox, NumberInput, Stack, Table, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { ConfirmDialog } from '../../../ui/confirm-button.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { rotateSigning, type SigningKey } from './queries.ts'

const tones: Readonly<Record<'current' | 'along' | 'verifies' | 'taken_back', Tone>> = {
  current: 'permit',
  along: 'info',
  verifies: 'neutral',
  taken_back: 'deny',
}

/** What the institution signs with, generation by generation: an old key signs no more, and what it signed holds. */
export function SigningGenerations({ keys, readAt }: { readonly keys: readonly SigningKey[]; readonly readAt: number }) {
  const { t } = useTranslation('ledger.keys')
  const format = useFormat()
  const can = useCan()
  const newest = new Map<SigningKey['key'], number>()
  for (const { key, generation } of keys) newest.set(key, Math.max(generation, newest.get(key) ?? 0))
  const stateOf = ({ key, generation, signs_along_until, verifies }: SigningKey) => {
    if (generation === newest.get(key)) return 'current'
    if (!verifies) return 'taken_back'
    return signs_along_until !== null && Date.parse(signs_along_until) > readAt ? 'along' : 'verifies'
  }
  return (
    <Stack component="section" gap="sm" aria-labelledby="generations">
      <Title order={2} id="generations">
        {t('generations.title')}
      </Title>
      <Text c="dimmed" maw={720}>
        {t('generations.about')}
      </Text>
      <WideTable label={t('generations.title')} minWidth={680}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('generations.key')}</Table.Th>
            <Table.Th scope="col" ta="end">
              {t('generations.generation')}
            </Table.Th>
            <Table.Th scope="col">{t('stateLabel')}</Table.Th>
            <Table.Th scope="col">{t('generations.begun')}</Table.Th>
            <Table.Th scope="col">{t('generations.entry')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((one) => {
            const state = stateOf(one)
            return (
              <Table.Tr key={`${one.key} ${String(one.generation)}`}>
                <Table.Th scope="row">{t(`generations.of.${one.key}`)}</Table.Th>
                <Table.Td ta="end">{format.number(one.generation)}</Table.Td>
                <Table.Td>
                  <StateChip tone={tones[state]}>{t(`generations.state.${state}`)}</StateChip>
                  {state === 'along' && one.signs_along_until !== null ? (
                    <Text size="sm" c="dimmed">
                      {t('generations.until')} <Moment at={one.signs_along_until} />
                    </Text>
                  ) : null}
                </Table.Td>
                <Table.Td>{one.begun_at === null ? t('generations.first') : <Moment at={one.begun_at} />}</Table.Td>
                <Table.Td>
                  {one.from_entry === null ? '–' : <ShortId id={one.from_entry} {...(one.key === 'certificates' ? {} : { kind: 'entry' })} />}
                </Table.Td>
                <Table.Td ta="end">
                  {state === 'current' && can('update', one.key === 'certificates' ? 'node_key' : 'key') ? <RotateSigning of={one.key} /> : null}
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </WideTable>
    </Stack>
  )
}

function RotateSigning({ of }: { readonly of: SigningKey['key'] }) {
  const { t } = useTranslation('ledger.keys')
  const [opened, { open, close }] = useDisclosure()
  const [days, setDays] = useState<number | string>(30)
  const [takenBack, setTakenBack] = useState(false)
  return (
    <>
      <Button variant="default" onClick={open} aria-label={t('generations.rotate.labelOf', { of: t(`generations.of.${of}`) })}>
        {t('generations.rotate.label')}
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={close}
        title={t('generations.rotate.title', { of: t(`generations.of.${of}`) })}
        consequence={t(of === 'credentials' || of === 'certificates' ? 'generations.rotate.found' : 'generations.rotate.consequence')}
        confirm={t('generations.rotate.confirm')}
        disabled={days === ''}
        act={async () => {
          await rotateSigning(of, takenBack ? 0 : Number(days))
          void say(t('generations.rotate.done'))
        }}
      >
        {of === 'log' ? (
          <NumberInput
            label={t('generations.rotate.days')}
            description={t('generations.rotate.daysAbout')}
            min={0}
            max={90}
            allowDecimal={false}
            allowNegative={false}
            value={days}
            onChange={setDays}
          />
        ) : null}
        {of === 'credentials' ? (
          <Checkbox
            label={t('generations.rotate.takeBack')}
            description={t('generations.rotate.takeBackAbout')}
            checked={takenBack}
            onChange={(event) => {
              setTakenBack(event.currentTarget.checked)
            }}
          />
        ) : null}
      </ConfirmDialog>
    </>
  )
}
