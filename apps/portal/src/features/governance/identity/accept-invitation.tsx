import { Button, Divider, Text } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { acceptInvitation } from '../../../api.ts'
import { Entrance } from '../../../ui/entrance.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { PasswordField } from './fields.tsx'
import { Form } from './form.tsx'
import { oneTimeToken } from './one-time-token.ts'
import { acceptByPasskey, passkeysWork } from './queries.ts'
import { useEntering } from './use-entering.ts'

export function AcceptInvitation() {
  const { t } = useTranslation()
  const [token] = useState(oneTimeToken)
  const [password, setPassword] = useState('')
  const entering = useEntering(acceptInvitation)
  const touching = useEntering(acceptByPasskey)
  if (token === '') {
    return (
      <Entrance title={t('accept.title')}>
        <Text>{t('accept.noToken')}</Text>
      </Entrance>
    )
  }
  return (
    <Entrance title={t('accept.title')} about={t(passkeysWork ? 'accept.aboutBoth' : 'accept.about')}>
      {passkeysWork ? (
        <>
          <ProblemAlert error={touching.error} />
          <Button
            leftSection={<IconFingerprint size={18} aria-hidden />}
            loading={touching.isPending}
            onClick={() => touching.mutate({ token, label: t('accept.passkeyName') })}
          >
            {t('accept.passkey')}
          </Button>
          <Divider label={t('accept.or')} />
        </>
      ) : null}
      <Form onSubmit={() => entering.mutate({ token, password })} submit={t('accept.submit')} pending={entering.isPending} error={entering.error}>
        <PasswordField value={password} onChange={setPassword} fresh />
      </Form>
    </Entrance>
  )
}
