import { Button, Checkbox, Group, NativeSelect, Stack, Table, Text, TextInput, Title, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { startOfDay } from '../../../ui/record-list/columns.ts'
import { StateChip } from '../../../ui/state-chip.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { Form } from '../identity/form.tsx'
import { type Guardian, guardiansQuery, recordGuardian, revokeGuardian } from './queries.ts'

const bases = ['parental_responsibility', 'court_order', 'power_of_attorney'] as const
const tones = { holds: 'permit', not_yet: 'info', ended: 'neutral', of_age: 'neutral', revoked: 'deny' } as const

/** Who may act for the person that was looked up. */
export function Guardians({ userId }: { readonly userId: string }) {
  const { t } = useTranslation('governance.consents')
  const can = useCan()
  const [recording, { open, close }] = useDisclosure()
  const query = useQuery(guardiansQuery(userId))
  return (
    <Stack component="section" gap="sm" aria-labelledby="guardians">
      <Group justify="space-between">
        <Title order={3} id="guardians">
          {t('guardians.title')}
        </Title>
        {can('create', 'consent') ? (
          <Button variant="default" size="compact-md" onClick={open}>
            {t('guardians.record')}
          </Button>
        ) : null}
      </Group>
      <QueryView query={query}>
        {(guardians) => (guardians.length === 0 ? <Text>{t('guardians.none')}</Text> : <GuardianTable guardians={guardians} userId={userId} />)}
      </QueryView>
      {recording ? <Record userId={userId} onClose={close} /> : null}
    </Stack>
  )
}

function GuardianTable({ guardians, userId }: { readonly guardians: readonly Guardian[]; readonly userId: string }) {
  const { t } = useTranslation('governance.consents')
  const format = useFormat()
  const can = useCan()
  return (
    <WideTable label={t('guardians.title')} minWidth={640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('guardians.basis')}</Table.Th>
          <Table.Th scope="col">{t('more.state')}</Table.Th>
          <Table.Th scope="col">{t('term.from')}</Table.Th>
          <Table.Th scope="col">{t('term.until')}</Table.Th>
          <Table.Th scope="col">{t('term.evidence')}</Table.Th>
          <Table.Th scope="col">
            <VisuallyHidden>{t('guardians.act')}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {guardians.map((one) => (
          <Table.Tr key={one.id}>
            <Table.Th scope="row">
              {t(`guardians.bases.${one.basis}`)}
              {one.jointly ? ` (${t('guardians.joint')})` : ''}
            </Table.Th>
            <Table.Td>
              <StateChip tone={tones[one.state]}>{t(`guardians.state.${one.state}`)}</StateChip>
            </Table.Td>
            <Table.Td>
              <Moment at={one.from} />
            </Table.Td>
            <Table.Td>
              {one.of_age_on !== null ? format.day(`${one.of_age_on}T12:00:00`) : one.until === null ? t('term.endless') : <Moment at={one.until} />}
            </Table.Td>
            <Table.Td>{one.evidence_reference ?? '–'}</Table.Td>
            <Table.Td>
              {(one.state === 'holds' || one.state === 'not_yet') && can('update', 'consent') ? (
                <ConfirmButton
                  label={t('guardians.revoke.label')}
                  title={t('guardians.revoke.title')}
                  consequence={t('guardians.revoke.consequence')}
                  confirm={t('guardians.revoke.confirm')}
                  act={() => revokeGuardian(one.id, userId)}
                />
              ) : null}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Record({ userId, onClose }: { readonly userId: string; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.consents')
  const recording = useMutation({ mutationFn: recordGuardian, onSuccess: onClose, gcTime: 0 })
  const [guardian, setGuardian] = useState('')
  const [basis, setBasis] = useState<(typeof bases)[number]>('parental_responsibility')
  const [born, setBorn] = useState('')
  const [until, setUntil] = useState('')
  const [label, setLabel] = useState('')
  const [evidence, setEvidence] = useState('')
  const [jointly, setJointly] = useState(false)
  const ofChild = basis === 'parental_responsibility'
  const send = () => {
    const end = startOfDay(until, 1)
    recording.mutate({
      user_id: userId,
      guardian_user_id: guardian.trim(),
      basis,
      jointly,
      ...(ofChild ? { born } : {}),
      ...(end === undefined ? {} : { until: end }),
      ...(label.trim() === '' ? {} : { label }),
      ...(evidence.trim() === '' ? {} : { evidence_reference: evidence }),
    })
  }
  return (
    <Dialog opened onClose={onClose} title={t('guardians.record')}>
      <Form onSubmit={send} submit={t('guardians.submit')} pending={recording.isPending} error={recording.error}>
        <TextInput
          label={t('guardians.guardian')}
          description={t('guardians.guardianHint')}
          required
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          value={guardian}
          onChange={(event) => setGuardian(event.currentTarget.value)}
          data-autofocus
        />
        <NativeSelect
          label={t('guardians.basis')}
          data={bases.map((value) => ({ value, label: t(`guardians.bases.${value}`) }))}
          value={basis}
          onChange={(event) => setBasis(event.currentTarget.value as (typeof bases)[number])}
        />
        {ofChild ? (
          <TextInput
            label={t('guardians.born')}
            description={t('guardians.bornHint')}
            type="date"
            required
            value={born}
            onChange={(event) => setBorn(event.currentTarget.value)}
          />
        ) : null}
        <TextInput
          label={t('give.until')}
          description={t('guardians.untilHint')}
          type="date"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <TextInput
          label={t('guardians.label')}
          description={t('guardians.labelHint')}
          maxLength={100}
          autoComplete="off"
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <TextInput
          label={t('term.evidence')}
          description={t('give.evidenceHint')}
          maxLength={200}
          autoComplete="off"
          value={evidence}
          onChange={(event) => setEvidence(event.currentTarget.value)}
        />
        <Checkbox label={t('guardians.jointly')} checked={jointly} onChange={(event) => setJointly(event.currentTarget.checked)} />
      </Form>
    </Dialog>
  )
}
