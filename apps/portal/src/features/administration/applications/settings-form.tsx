import { Checkbox, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../governance/identity/form.tsx'
import { type Credentials, type NewApplication, register } from './queries.ts'

type Scope = NonNullable<NewApplication['scopes']>[number]

/** `own_disclosure:read`; which areas there are, the node says. */
function scopesOf(words: readonly string[]): Scope[] {
  return words.map((word) => {
    const [area = '', level = ''] = word.split(':')
    return { area, level } as Scope
  })
}

export function RegisterApplication({ onClose, onRegistered }: { readonly onClose: () => void; readonly onRegistered: (credentials: Credentials) => void }) {
  const { t } = useTranslation('administration.applications')
  const [name, setName] = useState('')
  const [purpose, setPurpose] = useState('')
  const [uris, setUris] = useState<string[]>([])
  const [words, setWords] = useState<string[]>(['own_disclosure:read'])
  const [confidential, setConfidential] = useState(true)
  const [byItself, setByItself] = useState(false)
  const [provesKey, setProvesKey] = useState(false)
  const registering = useMutation({
    mutationFn: () =>
      register({ name, purpose, redirect_uris: uris, scopes: scopesOf(words), claims: [], confidential, acts_by_itself: byItself, proves_key: provesKey }),
    onSuccess: onRegistered,
    gcTime: 0,
  })
  return (
    <Dialog opened onClose={onClose} title={t('register.title')} size="lg">
      <Form onSubmit={() => registering.mutate()} submit={t('register.submit')} pending={registering.isPending} error={registering.error}>
        <TextInput label={t('register.name')} required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        <Textarea
          label={t('register.purpose')}
          description={t('register.purposeHint')}
          required
          maxLength={500}
          autosize
          value={purpose}
          onChange={(event) => setPurpose(event.currentTarget.value)}
        />
        <TagsInput label={t('redirects')} description={t('register.redirectsHint')} value={uris} onChange={setUris} acceptValueOnBlur />
        <TagsInput label={t('scopes')} description={t('register.scopesHint')} value={words} onChange={setWords} acceptValueOnBlur />
        <Checkbox label={t('register.confidential')} checked={confidential} onChange={(event) => setConfidential(event.currentTarget.checked)} />
        <Checkbox label={t('register.byItself')} checked={byItself} onChange={(event) => setByItself(event.currentTarget.checked)} />
        <Checkbox label={t('register.provesKey')} checked={provesKey} onChange={(event) => setProvesKey(event.currentTarget.checked)} />
      </Form>
    </Dialog>
  )
}
