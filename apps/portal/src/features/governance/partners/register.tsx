import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Form } from '../identity/form.tsx'
import { refreshPartners, registerPartner } from './queries.ts'

export function RegisterPartner({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('governance.partners')
  const navigate = useNavigate()
  const pathTo = useObjectPath()
  const [name, setName] = useState('')
  const [reference, setReference] = useState('')
  const registering = useMutation({
    mutationFn: registerPartner,
    onSuccess: async ({ id }) => {
      await refreshPartners()
      onClose()
      await navigate({ to: pathTo('partner', id) ?? '/' })
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t('register.title')}>
      <Form onSubmit={() => registering.mutate({ name, reference })} submit={t('register.submit')} pending={registering.isPending} error={registering.error}>
        <TextInput
          label={t('name')}
          description={t('register.nameHint')}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={t('reference')}
          description={t('register.referenceHint')}
          placeholder="northwind-bank"
          required
          maxLength={63}
          spellCheck={false}
          autoCapitalize="none"
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
      </Form>
    </Dialog>
  )
}
