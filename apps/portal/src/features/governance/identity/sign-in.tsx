import { Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signIn } from '../../../api.ts'
import { Entrance } from '../../../ui/entrance.tsx'
import { EmailField, PasswordField } from './fields.tsx'
import { Form } from './form.tsx'
import { useEntering } from './use-entering.ts'

export function SignIn() {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const entering = useEntering(signIn)
  return (
    <Entrance
      title={t('signIn.title')}
      about={t('signIn.about')}
      below={
        <>
          <Text c="dimmed" size="sm">
            {t('signIn.first')}
          </Text>
          <Text c="dimmed" size="sm">
            {t('signIn.invited')}
          </Text>
        </>
      }
    >
      <Form onSubmit={() => entering.mutate({ email, password })} submit={t('signIn.submit')} pending={entering.isPending} error={entering.error}>
        <EmailField value={email} onChange={setEmail} />
        <PasswordField value={password} onChange={setPassword} />
      </Form>
    </Entrance>
  )
}
