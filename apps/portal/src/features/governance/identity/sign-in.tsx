import { Anchor, Button, Text } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signIn } from '../../../api.ts'
import { Entrance } from '../../../ui/entrance.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { EmailField, PasswordField } from './fields.tsx'
import { Form } from './form.tsx'
import { passkeysWork, signInByPasskey } from './queries.ts'
import { useEntering } from './use-entering.ts'

export function SignIn() {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const entering = useEntering(signIn)
  const touching = useEntering(signInByPasskey)
  return (
    <Entrance
      title={t('signIn.title')}
      about={t('signIn.about')}
      below={
        <>
          <Anchor component={Link} to="/forgot-password" size="sm">
            {t('signIn.forgot')}
          </Anchor>
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
      {passkeysWork ? (
        <>
          <ProblemAlert error={touching.error} />
          <Button
            variant="default"
            leftSection={<IconFingerprint size={18} aria-hidden />}
            loading={touching.isPending}
            onClick={() => touching.mutate(undefined)}
          >
            {t('signIn.passkey')}
          </Button>
        </>
      ) : null}
    </Entrance>
  )
}
