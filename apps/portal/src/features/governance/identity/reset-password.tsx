import { Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { resetPassword } from '../../../api.ts'
import { Entrance } from '../../../ui/entrance.tsx'
import { PasswordField } from './fields.tsx'
import { Form } from './form.tsx'
import { oneTimeToken } from './one-time-token.ts'
import { useEntering } from './use-entering.ts'

export function ResetPassword() {
  const { t } = useTranslation()
  const [token] = useState(oneTimeToken)
  const [password, setPassword] = useState('')
  const entering = useEntering(resetPassword)
  if (token === '') {
    return (
      <Entrance title={t('reset.title')}>
        <Text>{t('accept.noToken')}</Text>
      </Entrance>
    )
  }
  return (
    <Entrance title={t('reset.title')} about={t('reset.about')}>
      <Form onSubmit={() => entering.mutate({ token, password })} submit={t('accept.submit')} pending={entering.isPending} error={entering.error}>
        <PasswordField value={password} onChange={setPassword} fresh />
      </Form>
    </Entrance>
  )
}
