import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { say } from '../../../ui/notices.tsx'
import { PasswordField } from './fields.tsx'
import { Form } from './form.tsx'
import { changePassword } from './queries.ts'

export function ChangePassword({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('governance.identity')
  const [password, setPassword] = useState('')
  const changing = useMutation({
    mutationFn: () => changePassword(password),
    onSuccess: () => {
      void say(t('security.passwordChanged'))
      onDone()
    },
  })
  return (
    <Form onSubmit={() => changing.mutate()} submit={t('security.changePassword')} pending={changing.isPending} error={changing.error}>
      <PasswordField value={password} onChange={setPassword} fresh />
    </Form>
  )
}
