import { Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { forgotPassword } from '../../../api.ts'
import { Entrance } from '../../../ui/entrance.tsx'
import { EmailField } from './fields.tsx'
import { Form } from './form.tsx'

/** The answer is the same for every address, and so is the page. */
export function ForgotPassword() {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const asking = useMutation({ mutationFn: forgotPassword })
  if (asking.isSuccess) {
    return (
      <Entrance title={t('forgot.title')}>
        <Text role="status">{t('forgot.sent')}</Text>
      </Entrance>
    )
  }
  return (
    <Entrance title={t('forgot.title')} about={t('forgot.about')}>
      <Form onSubmit={() => asking.mutate(email)} submit={t('forgot.submit')} pending={asking.isPending} error={asking.error}>
        <EmailField value={email} onChange={setEmail} />
      </Form>
    </Entrance>
  )
}
