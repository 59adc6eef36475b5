import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { startOfDay } from '../../../ui/record-list/columns.ts'
import { Form } from '../identity/form.tsx'
import { saveReceipt } from './consent-card.tsx'
import { type ConsentTerms, choicesQuery, giveConsent } from './queries.ts'
import { useTermFields } from './term-fields.tsx'

const methods = ['electronic_form', 'electronic_signature', 'paper', 'verbal', 'other'] as const

export function GiveConsent({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('governance.consents')
  const giving = useMutation({ mutationFn: giveConsent, gcTime: 0 })
  if (giving.data === undefined) {
    return (
      <Dialog opened onClose={onClose} title={t('give.title')} size="lg">
        <Terms onGive={giving.mutate} pending={giving.isPending} error={giving.error} />
      </Dialog>
    )
  }
  const { consent, receipt } = giving.data
  return (
    <Dialog opened onClose={onClose} title={t('give.done')}>
      <Text>{t('give.doneAbout')}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('close')}
        </Button>
        <Button onClick={() => saveReceipt(consent.id, receipt)}>{t('receipt')}</Button>
      </Group>
    </Dialog>
  )
}

interface TermsProps {
  readonly onGive: (terms: ConsentTerms) => void
  readonly pending: boolean
  readonly error: Error | null
}

function Terms({ onGive, pending, error }: TermsProps) {
  const { t } = useTranslation('governance.consents')
  const choices = useQuery(choicesQuery())
  const [person, setPerson] = useState('')
  const { terms, fields } = useTermFields(t('give.purposesHint'))
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [method, setMethod] = useState<ConsentTerms['method']>('paper')
  const [evidence, setEvidence] = useState('')
  const send = () => {
    const begin = startOfDay(from)
    // The day that is named is the last one on which it is in force.
    const end = startOfDay(until, 1)
    onGive({
      user_id: person.trim(),
      ...terms,
      method,
      ...(begin === undefined ? {} : { from: begin }),
      ...(end === undefined ? {} : { until: end }),
      ...(evidence.trim() === '' ? {} : { evidence_reference: evidence }),
    })
  }
  return (
    <QueryView query={choices}>
      {(known) => (
        <Form onSubmit={send} submit={t('give.submit')} pending={pending} error={error}>
          <TextInput
            label={t('person')}
            description={t('give.personHint')}
            required
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            value={person}
            onChange={(event) => setPerson(event.currentTarget.value)}
            data-autofocus
          />
          {fields(known)}
          <Group grow align="flex-start">
            <TextInput
              label={t('give.from')}
              description={t('give.fromHint')}
              type="date"
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
            <TextInput
              label={t('give.until')}
              description={t('give.untilHint')}
              type="date"
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
          </Group>
          <Stack gap="md">
            <Select
              label={t('term.method')}
              data={methods.map((value) => ({ value, label: t(`method.${value}`) }))}
              allowDeselect={false}
              value={method}
              onChange={(value) => setMethod(methods.find((known) => known === value) ?? 'other')}
            />
            <TextInput
              label={t('term.evidence')}
              description={t('give.evidenceHint')}
              maxLength={200}
              value={evidence}
              onChange={(event) => setEvidence(event.currentTarget.value)}
            />
          </Stack>
        </Form>
      )}
    </QueryView>
  )
}
