import { Anchor, Button, Checkbox, Stack, Text } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../ui/states.tsx'
import { CodeField } from './code-field.tsx'
import { PasswordField } from './fields.tsx'
import { Form } from './form.tsx'
import { type FactorKind, passkeysWork, provePasskey, proveTyped } from './queries.ts'

type Way = 'code' | 'recovery' | 'password'

interface ProveProps {
  readonly factors: readonly FactorKind[]
  readonly onProven: () => Promise<unknown> | void
  /** Whether this browser may be remembered. */
  readonly rememberable?: boolean
}

/** Asks for one factor: the strongest first, the others a click away. */
export function Prove({ factors, onProven, rememberable = false }: ProveProps) {
  const { t } = useTranslation('governance.identity')
  const [way, setWay] = useState<Way>(factors.length === 0 ? 'password' : 'code')
  const [text, setText] = useState('')
  const [remember, setRemember] = useState(false)
  const typing = useMutation({ mutationFn: () => proveTyped(proofOf(way, text), remember), onSuccess: onProven, onError: () => setText('') })
  const touching = useMutation({ mutationFn: () => provePasskey(remember), onSuccess: onProven })
  const [app, passkey] = [factors.includes('totp'), factors.includes('passkey') && passkeysWork]
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
      {app || way !== 'code' ? (
        <Form onSubmit={() => typing.mutate()} submit={t('prove.submit')} pending={typing.isPending} error={typing.error} disabled={text === ''}>
          {way === 'password' ? (
            <PasswordField value={text} onChange={setText} />
          ) : (
            <CodeField label={t(`prove.${way}`)} description={t(`prove.${way}Hint`)} digits={way === 'code'} value={text} onChange={setText} />
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
  return way === 'code' ? { code: text.replaceAll(' ', '') } : { recovery: text }
}
