import { Anchor, Button, Checkbox, Stack, Text } from '@mantine/core'
import { IconFingerprint, IconMail, IconMessage } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../ui/states.tsx'
import { CodeField } from './code-field.tsx'
import { PasswordField } from './fields.tsx'
import { Form } from './form.tsx'
import { askCode, type FactorKind, passkeysWork, provePasskey, proveTyped } from './queries.ts'

type Way = 'code' | 'recovery' | 'mailed' | 'texted' | 'password'

interface ProveProps {
  readonly factors: readonly FactorKind[]
  /** Whether a code by mail proves, for want of a factor. */
  readonly byMail: boolean
  /** How the telephone ends to which a code can go. */
  readonly bySms: string | null
  readonly onProven: () => unknown
  /** Whether this browser may be remembered. */
  readonly rememberable?: boolean
}

/** Asks for one factor: the strongest first, the others a click away. */
export function Prove({ factors, byMail, bySms, onProven, rememberable = false }: ProveProps) {
  const { t } = useTranslation('governance.identity')
  const [way, setWay] = useState<Way>(bySms !== null ? 'texted' : byMail ? 'mailed' : factors.length === 0 ? 'password' : 'code')
  const [text, setText] = useState('')
  const [remember, setRemember] = useState(false)
  const typing = useMutation({ mutationFn: () => proveTyped(proofOf(way, text), remember), onSuccess: onProven, onError: () => setText('') })
  const touching = useMutation({ mutationFn: () => provePasskey(remember), onSuccess: onProven })
  const sending = useMutation({ mutationFn: askCode })
  const leaves = way === 'mailed' || way === 'texted'
  const [app, passkey] = [factors.includes('totp'), factors.includes('passkey') && passkeysWork]
  const typable = leaves ? sending.isSuccess : app || way !== 'code'
  const turn = (to: Way) => {
    setWay(to)
    setText('')
    typing.reset()
    sending.reset()
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
      {leaves ? (
        <Sending
          way={way}
          ending={bySms ?? ''}
          sent={sending.isSuccess}
          pending={sending.isPending}
          error={sending.error}
          onSend={() => sending.mutate(way === 'mailed' ? 'mail' : 'sms')}
          {...(byMail && bySms !== null ? { onRather: () => turn(way === 'mailed' ? 'texted' : 'mailed') } : {})}
        />
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

interface SendingProps {
  readonly way: 'mailed' | 'texted'
  /** How the telephone ends. */
  readonly ending: string
  readonly sent: boolean
  readonly pending: boolean
  readonly error: Error | null
  readonly onSend: () => void
  /** Takes the other of both ways, where there are two. */
  readonly onRather?: () => void
}

/** Has a code sent by mail or SMS, and again. */
function Sending({ way, ending, sent, pending, error, onSend, onRather }: SendingProps) {
  const { t } = useTranslation('governance.identity')
  const Icon = way === 'mailed' ? IconMail : IconMessage
  return (
    <>
      <Text>{t(`prove.${way}${sent ? 'Sent' : 'About'}`, { ending })}</Text>
      <ProblemAlert error={error} />
      <Button variant={sent ? 'default' : 'filled'} leftSection={<Icon size={18} aria-hidden />} loading={pending} onClick={onSend}>
        {t(sent ? 'prove.sendAgain' : `prove.${way}Send`, { ending })}
      </Button>
      {onRather === undefined ? null : (
        <Anchor component="button" type="button" size="sm" onClick={onRather}>
          {t(way === 'mailed' ? 'prove.ratherTexted' : 'prove.ratherMailed', { ending })}
        </Anchor>
      )}
    </>
  )
}

function proofOf(way: Way, text: string) {
  if (way === 'password') return { password: text }
  if (way === 'texted') return { texted: text.replaceAll(' ', '') }
  if (way === 'mailed') return { mailed: text.replaceAll(' ', '') }
  return way === 'code' ? { code: text.replaceAll(' ', '') } : { recovery: text }
}
