import { Anchor, Button, Checkbox, Stack, Text } from '@mantine/core'
import { IconFingerprint, IconMail } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../ui/states.tsx'
import { CodeField } from './code-field.tsx'
import { PasswordField } from './fields.tsx'
import { Form } from './form.tsx'
import { askCode, type FactorKind, passkeysWork, provePasskey, proveTyped } from './queries.ts'

type Way = 'code' | 'recovery' | 'mailed' | 'password'

interface ProveProps {
  readonly factors: readonly FactorKind[]
  /** Whether a code by mail proves, for want of a factor. */
  readonly byMail: boolean
  readonly onProven: () => unknown
  /** Whether this browser may be remembered. */
  readonly rememberable?: boolean
}

/** Asks for one factor: the strongest first, the others a click away. */
export function Prove({ factors, byMail, onProven, rememberable = false }: ProveProps) {
  const { t } = useTranslation('governance.identity')
  const [way, setWay] = useState<Way>(byMail ? 'mailed' : factors.length === 0 ? 'password' : 'code')
  const [text, setText] = useState('')
  const [remember, setRemember] = useState(false)
  const typing = useMutation({ mutationFn: () => proveTyped(proofOf(way, text), remember), onSuccess: onProven, onError: () => setText('') })
  const touching = useMutation({ mutationFn: () => provePasskey(remember), onSuccess: onProven })
  const sending = useMutation({ mutationFn: askCode })
  const [app, passkey] = [factors.includes('totp'), factors.includes('passkey') && passkeysWork]
  const typable = way === 'mailed' ? sending.isSuccess : app || way !== 'code'
  const turn = (to: Way) => {
    setWay(to)
    setText('')
    typing.reset()
  }
  return (
    <Stack gap="md">
      {passkey && way === 'code' ? (
        <>
          <ProblemAlert error={touching.error} />
          <Button
            leftSection={<IconFingerprint size={18} aria-hidden />}
            loading={touching.isPending}
            onClick={() => touching.mutate()}
            variant={app ? 'default' : 'filled'}
          >
            {t('prove.passkey')}
          </Button>
        </>
      ) : null}
      {way === 'mailed' ? (
        <>
          <Text>{t(sending.isSuccess ? 'prove.letterSent' : 'prove.byMail')}</Text>
          <ProblemAlert error={sending.error} />
          <Button
            variant={sending.isSuccess ? 'default' : 'filled'}
            leftSection={<IconMail size={18} aria-hidden />}
            loading={sending.isPending}
            onClick={() => sending.mutate()}
          >
            {t(sending.isSuccess ? 'prove.sendAgain' : 'prove.send')}
          </Button>
        </>
      ) : null}
      {typable ? (
        <Form onSubmit={() => typing.mutate()} submit={t('prove.submit')} pending={typing.isPending} error={typing.error} disabled={text === ''}>
          {way === 'password' ? (
            <PasswordField value={text} onChange={setText} />
          ) : (
            <CodeField label={t(`prove.${way}`)} description={t(`prove.${way}Hint`)} digits={way !== 'recovery'} value={text} onChange={setText} />
          )}
        </Form>
      ) : null}
      {rememberable ? <Checkbox label={t('prove.remember')} checked={remember} onChange={(event) => setRemember(event.currentTarget.checked)} /> : null}
      {way === 'code' ? (
        <Anchor component="button" type="button" size="sm" onClick={() => turn('recovery')}>
          {t('prove.lost')}
        </Anchor>
      ) : null}
      {way === 'recovery' ? (
        <>
          <Anchor component="button" type="button" size="sm" onClick={() => turn('code')}>
            {t('prove.back')}
          </Anchor>
          <Text size="sm" c="dimmed">
            {t('prove.noCodes')}
          </Text>
        </>
      ) : null}
    </Stack>
  )
}

function proofOf(way: Way, text: string) {
  if (way === 'password') return { password: text }
  if (way === 'mailed') return { mailed: text.replaceAll(' ', '') }
  return way === 'code' ? { code: text.replaceAll(' ', '') } : { recovery: text }
}
