import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { firstRun } from '../../../api.ts'
import { Entrance } from '../../../ui/entrance.tsx'
import { EmailField, PasswordField } from './fields.tsx'
import { Form } from './form.tsx'
import { oneTimeToken } from './one-time-token.ts'
import { useEntering } from './use-entering.ts'

export function FirstRun() {
  const { t } = useTranslation()
  const [token] = useState(oneTimeToken)
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const entering = useEntering(firstRun)
  if (token === '') {
    return (
      <Entrance title={t('firstRun.title')}>
        <Text>{t('firstRun.noToken')}</Text>
      </Entrance>
    )
  }
  return (
    <Entrance title={t('firstRun.title')} about={t('firstRun.about')}>
      <Form
        onSubmit={() => entering.mutate({ token, name, email, password })}
        submit={t('firstRun.submit')}
        pending={entering.isPending}
        error={entering.error}
      >
        <TextInput
          label={t('firstRun.name')}
          name="name"
          autoComplete="name"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <EmailField value={email} onChange={setEmail} />
        <PasswordField value={password} onChange={setPassword} fresh />
      </Form>
    </Entrance>
  )
}
