import { Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { ShownOnce } from '../../../ui/shown-once.tsx'
import { EmailField } from '../../governance/identity/fields.tsx'
import { Form } from '../../governance/identity/form.tsx'
import { addInstitution, type Institution, inviteAdministrator } from './queries.ts'

export function AddInstitution({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('administration.institutions')
  const [name, setName] = useState('')
  const [slug, setSlug] = useState('')
  const administrator = useAdministrator()
  const adding = useMutation({ mutationFn: addInstitution, gcTime: 0 })
  if (adding.data !== undefined) return <LinkShown text={adding.data} onClose={onClose} />
  return (
    <Dialog opened onClose={onClose} title={t('add.open')}>
      <Form
        onSubmit={() => adding.mutate({ name, slug, administrator: administrator.value })}
        submit={t('add.submit')}
        pending={adding.isPending}
        error={adding.error}
      >
        <TextInput
          label={t('name')}
          description={t('add.nameHint')}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={t('slug')}
          description={t('add.slugHint')}
          placeholder="lakeside-clinic"
          required
          maxLength={63}
          pattern="[a-z][a-z0-9_\-]*"
          spellCheck={false}
          autoCapitalize="none"
          value={slug}
          onChange={(event) => setSlug(event.currentTarget.value)}
        />
        {administrator.fields}
      </Form>
    </Dialog>
  )
}

/** For an institution whose first administrator has not come. */
export function InviteAdministrator({ institution, onClose }: { readonly institution: Institution; readonly onClose: () => void }) {
  const { t } = useTranslation('administration.institutions')
  const administrator = useAdministrator()
  const inviting = useMutation({ mutationFn: inviteAdministrator, gcTime: 0 })
  if (inviting.data !== undefined) return <LinkShown text={inviting.data} onClose={onClose} />
  return (
    <Dialog opened onClose={onClose} title={t('invite.title', { name: institution.name })}>
      <Form
        onSubmit={() => inviting.mutate({ institution: institution.id, administrator: administrator.value })}
        submit={t('invite.submit')}
        pending={inviting.isPending}
        error={inviting.error}
      >
        <Text>{t('invite.about')}</Text>
        {administrator.fields}
      </Form>
    </Dialog>
  )
}

function useAdministrator() {
  const { t } = useTranslation('administration.institutions')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  return {
    value: { name, email },
    fields: (
      <>
        <TextInput
          label={t('administrator')}
          required
          maxLength={200}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <EmailField value={email} onChange={setEmail} />
      </>
    ),
  }
}

function LinkShown({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  const { t } = useTranslation('administration.institutions')
  return <ShownOnce title={t('link.title')} about={t('link.about')} text={text} label={t('link.label')} onClose={onClose} />
}
