import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { ShownOnce } from '../../../ui/shown-once.tsx'
import { EmailField } from '../identity/fields.tsx'
import { Form } from '../identity/form.tsx'
import { inviteUser, type StaffRole } from './queries.ts'
import { RoleChoice } from './role-choice.tsx'

export function InviteUser({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('governance.people')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [roles, setRoles] = useState<StaffRole[]>([])
  const inviting = useMutation({ mutationFn: inviteUser, gcTime: 0 })
  if (inviting.data !== undefined) {
    return <ShownOnce title={t('invite.done')} about={t('invite.doneAbout')} text={inviting.data} label={t('invite.link')} onClose={onClose} />
  }
  return (
    <Dialog opened onClose={onClose} title={t('invite.open')}>
      <Form
        onSubmit={() => inviting.mutate({ name, email, roles })}
        submit={t('invite.submit')}
        pending={inviting.isPending}
        error={inviting.error}
        disabled={roles.length === 0}
      >
        <TextInput
          label={t('name')}
          required
          maxLength={200}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <EmailField value={email} onChange={setEmail} />
        <RoleChoice value={roles} onChange={setRoles} />
      </Form>
    </Dialog>
  )
}
