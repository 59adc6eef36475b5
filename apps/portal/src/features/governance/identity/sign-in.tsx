import { Anchor, Button, Text } from '@mantine/core'
import { IconBuilding, IconFingerprint } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { beginSso, signIn } from '../../../api.ts'
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
  // A link of the institution's own names its provider; otherwise the address says where to go.
  const [provider] = useState(() => new URLSearchParams(globalThis.location.search).get('provider'))
  const leading = useMutation({
    mutationFn: () => beginSso(provider === null ? { email } : { provider }),
    onSuccess: (location) => globalThis.location.assign(location),
  })
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
      <ProblemAlert error={leading.error} />
      <Button
        variant={provider === null ? 'default' : 'filled'}
        leftSection={<IconBuilding size={18} aria-hidden />}
        loading={leading.isPending}
        disabled={provider === null && !email.includes('@')}
        onClick={() => leading.mutate()}
      >
        {t('signIn.organisation')}
      </Button>
      {provider === null && !email.includes('@') ? (
        <Text c="dimmed" size="sm">
          {t('signIn.organisationHint')}
        </Text>
      ) : null}
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
