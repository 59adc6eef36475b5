import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePartners } from '../../../ui/partner-names.ts'
import { useAddressValues } from '../../../ui/use-address-values.ts'
import type { Question } from './queries.ts'

const dayMs = 86_400_000
/** The reader's calendar day. */
const dayOf = (ms: number): string => {
  const at = new Date(ms)
  return new Date(ms - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

/** Partner and days stand in the address, so that a report can be passed on; the person never does. */
export function ReportForm({ onAsk, asking }: { readonly onAsk: (question: Question) => void; readonly asking: boolean }) {
  const { t } = useTranslation('insight.disclosures')
  const [values, change] = useAddressValues()
  const [person, setPerson] = useState('')
  const partners = usePartners()
  const partner = values.partner ?? ''
  const since = values.since ?? dayOf(Date.now() - 7 * dayMs)
  const until = values.until ?? dayOf(Date.now())
  const send = (event: FormEvent) => {
    event.preventDefault()
    onAsk({ partner, person: person.trim(), since, until })
  }
  return (
    <form onSubmit={send} autoComplete="off" method="post">
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label={t('partner')}
          w={200}
          value={partner}
          onChange={(event) => change({ partner: event.currentTarget.value })}
          data={[
            { value: '', label: t('allPartners') },
            ...(partner === '' || partners.some(({ reference }) => reference === partner) ? [] : [{ value: partner, label: partner }]),
            ...partners.map(({ reference, name }) => ({ value: reference, label: name })),
          ]}
        />
        <TextInput label={t('person')} placeholder={t('anyPerson')} w={220} value={person} onChange={(event) => setPerson(event.currentTarget.value)} />
        <TextInput label={t('since')} type="date" w={160} required value={since} onChange={(event) => change({ since: event.currentTarget.value })} />
        <TextInput label={t('until')} type="date" w={160} required value={until} onChange={(event) => change({ until: event.currentTarget.value })} />
        <Button type="submit" loading={asking}>
          {t('show')}
        </Button>
      </Group>
    </form>
  )
}
