import { Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeField } from './code-field.tsx'
import { Form } from './form.tsx'
import { beginPhone, confirmPhone, type Enrolled } from './queries.ts'

/** Gives a telephone, and confirms it by the code that comes. */
export function Phone({ onDone }: { readonly onDone: (enrolled: Enrolled) => void }) {
  const { t } = useTranslation('governance.identity')
  const [number, setNumber] = useState('')
  const [code, setCode] = useState('')
  const beginning = useMutation({ mutationFn: () => beginPhone(number) })
  const { data: phone } = beginning
  const confirming = useMutation({ mutationFn: (id: string) => confirmPhone(id, code.replaceAll(' ', '')), onSuccess: onDone })
  if (phone === undefined) {
    return (
      <Form onSubmit={() => beginning.mutate()} submit={t('phone.send')} pending={beginning.isPending} error={beginning.error} disabled={number === ''}>
        <Text>{t('phone.about')}</Text>
        <TextInput
          label={t('phone.number')}
          description={t('phone.numberHint')}
          name="tel"
          type="tel"
          autoComplete="tel"
          required
          maxLength={40}
          data-autofocus
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
      </Form>
    )
  }
  return (
    <Stack gap="md">
      <Text>{t('prove.textedSent', { ending: phone.ending })}</Text>
      <Form
        onSubmit={() => confirming.mutate(phone.id)}
        submit={t('phone.confirm')}
        pending={confirming.isPending}
        error={confirming.error}
        disabled={code === ''}
      >
        <CodeField label={t('prove.texted')} description={t('prove.textedHint')} digits value={code} onChange={setCode} />
      </Form>
    </Stack>
  )
}
