import { Button, Checkbox, NumberInput, Select, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { recordTypesQuery } from '../../custody/record-types/queries.ts'
import { Form } from '../../governance/identity/form.tsx'
import { purposesQuery } from '../../governance/purposes/queries.ts'
import { defineType, type NewType } from './queries.ts'

const hows = ['age_over', 'age_band', 'is_one_of', 'present', 'copy', 'fixed'] as const satisfies readonly NewType['rule']['how'][]
type How = (typeof hows)[number]

export function DefineType() {
  const { t } = useTranslation('ledger.credentials')
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('define.label')}
      </Button>
      {opened ? <DefineDialog onClose={close} /> : null}
    </>
  )
}

const listed = (text: string) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** What stands in the one free field means what the rule says. */
function ruleOf(how: How, field: string, detail: string): NewType['rule'] {
  switch (how) {
    case 'age_over':
      return { how, field, years: Number(detail) }
    case 'age_band':
      return { how, field, bounds: listed(detail).map(Number) }
    case 'is_one_of':
      return { how, field, values: listed(detail) }
    case 'present':
    case 'copy':
      return { how, field }
    case 'fixed':
      return { how, value: detail.trim() === '' ? true : detail.trim() }
  }
}

function DefineDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('ledger.credentials')
  const records = useQuery(recordTypesQuery)
  const purposes = useQuery(purposesQuery)
  const [name, setName] = useState('')
  const [slug, setSlug] = useState('')
  const [claim, setClaim] = useState('')
  const [how, setHow] = useState<How>('age_over')
  const [record, setRecord] = useState<string | null>(null)
  const [field, setField] = useState<string | null>(null)
  const [detail, setDetail] = useState('')
  const [purpose, setPurpose] = useState<string | null>(null)
  const [days, setDays] = useState<string | number>(90)
  const [selfService, setSelfService] = useState(false)
  const defining = useMutation({ mutationFn: defineType, onSuccess: onClose })
  const fields = (records.data ?? []).findLast((one) => one.record_type === record)?.fields ?? []
  const fixed = how === 'fixed'
  const complete = record !== null && purpose !== null && (fixed || field !== null)
  const send = () => {
    if (record === null || purpose === null) return
    defining.mutate({
      name: name.trim(),
      slug: slug.trim(),
      claim: claim.trim(),
      rule: ruleOf(how, field ?? '', detail),
      purpose,
      record_type: record,
      life_days: Number(days),
      self_service: selfService && !fixed,
    })
  }
  return (
    <Dialog opened onClose={onClose} title={t('define.title')} size="lg">
      <Text>{t('define.about')}</Text>
      <Form onSubmit={send} submit={t('define.submit')} pending={defining.isPending} error={defining.error} disabled={!complete}>
        <TextInput label={t('define.name')} value={name} onChange={(event) => setName(event.currentTarget.value)} required maxLength={120} data-autofocus />
        <TextInput
          label={t('define.slug')}
          description={t('define.slugAbout')}
          placeholder="of_age"
          value={slug}
          onChange={(event) => setSlug(event.currentTarget.value)}
          required
          maxLength={63}
          spellCheck={false}
          autoCapitalize="none"
        />
        <TextInput
          label={t('define.claim')}
          description={t('define.claimAbout')}
          placeholder="age_over_18"
          value={claim}
          onChange={(event) => setClaim(event.currentTarget.value)}
          required
          maxLength={64}
          spellCheck={false}
          autoCapitalize="none"
        />
        <Select
          label={t('define.how')}
          data={hows.map((value) => ({ value, label: t(`hows.${value}`) }))}
          value={how}
          onChange={(value) => setHow(hows.find((one) => one === value) ?? how)}
          allowDeselect={false}
        />
        <Select
          label={t('define.record')}
          data={[...new Set((records.data ?? []).map((one) => one.record_type))]}
          value={record}
          onChange={(value) => {
            setRecord(value)
            setField(null)
          }}
          required
        />
        {fixed ? null : <Select label={t('define.field')} data={fields.map((one) => one.name)} value={field} onChange={setField} required />}
        {how === 'present' || how === 'copy' ? null : (
          <TextInput
            label={t(`define.detail.${how}`)}
            value={detail}
            onChange={(event) => setDetail(event.currentTarget.value)}
            required={!fixed}
            maxLength={500}
            spellCheck={false}
          />
        )}
        <Select
          label={t('purpose')}
          data={(purposes.data ?? []).map(({ term, label }) => ({ value: term, label }))}
          value={purpose}
          onChange={setPurpose}
          searchable
          required
        />
        <NumberInput label={t('define.days')} value={days} onChange={setDays} min={1} max={730} required />
        {fixed ? null : <Checkbox label={t('define.selfService')} checked={selfService} onChange={(event) => setSelfService(event.currentTarget.checked)} />}
      </Form>
    </Dialog>
  )
}
