import { Anchor, Button, Code, Divider, List, Stack, Text } from '@mantine/core'
import { IconDeviceMobile, IconFingerprint } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { renderSVG } from 'uqr'
import { Copyable } from '../../../ui/copyable.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { CodeField } from './code-field.tsx'
import { Form } from './form.tsx'
import { Phone } from './phone.tsx'
import { addPasskey, beginTotp, confirmTotp, type Enrolled, factorsQuery, passkeysWork } from './queries.ts'

/** Sets one factor up. `onDone` gets the recovery codes where it is the first. */
export function Enrol({ onDone }: { readonly onDone: (enrolled: Enrolled) => void }) {
  const { t } = useTranslation('governance.identity')
  const making = useMutation({ mutationFn: () => addPasskey(t('enrol.passkeyName')), onSuccess: onDone })
  const beginning = useMutation({ mutationFn: beginTotp })
  const takesPhone = useQuery(factorsQuery()).data?.takes_phone === true
  const [byPhone, setByPhone] = useState(false)
  if (beginning.data !== undefined) return <App {...beginning.data} onDone={onDone} />
  if (byPhone) return <Phone onDone={onDone} />
  return (
    <Stack gap="md">
      <ProblemAlert error={making.error ?? beginning.error} />
      {passkeysWork ? (
        <>
          <Text>{t('enrol.passkeyAbout')}</Text>
          <Button leftSection={<IconFingerprint size={18} aria-hidden />} loading={making.isPending} onClick={() => making.mutate()}>
            {t('enrol.passkey')}
          </Button>
          <Divider label={t('enrol.or')} />
        </>
      ) : null}
      <Text>{t('enrol.appAbout')}</Text>
      <Button
        variant={passkeysWork ? 'default' : 'filled'}
        leftSection={<IconDeviceMobile size={18} aria-hidden />}
        loading={beginning.isPending}
        onClick={() => beginning.mutate()}
      >
        {t('enrol.app')}
      </Button>
      {passkeysWork ? null : (
        <Text size="sm" c="dimmed">
          {t('enrol.noPasskeys')}
        </Text>
      )}
      {takesPhone ? (
        <Anchor component="button" type="button" size="sm" onClick={() => setByPhone(true)}>
          {t('enrol.phone')}
        </Anchor>
      ) : null}
    </Stack>
  )
}

interface AppProps {
  readonly factor: string
  readonly uri: string
  readonly onDone: (enrolled: Enrolled) => void
}

function App({ factor, uri, onDone }: AppProps) {
  const { t } = useTranslation('governance.identity')
  const [code, setCode] = useState('')
  const confirming = useMutation({ mutationFn: () => confirmTotp(factor, code.replaceAll(' ', '')), onSuccess: onDone })
  const picture = `data:image/svg+xml,${encodeURIComponent(renderSVG(uri, { border: 2 }))}`
  return (
    <Form onSubmit={() => confirming.mutate()} submit={t('enrol.confirm')} pending={confirming.isPending} error={confirming.error} disabled={code === ''}>
      <Text>{t('enrol.scan')}</Text>
      <img src={picture} alt={t('enrol.picture')} width={208} height={208} style={{ alignSelf: 'center', background: 'white' }} />
      <Text size="sm" c="dimmed">
        {t('enrol.byHand')}
      </Text>
      <Copyable text={new URL(uri).searchParams.get('secret') ?? ''} label={t('enrol.secret')} />
      <CodeField label={t('prove.code')} description={t('enrol.codeHint')} digits value={code} onChange={setCode} />
    </Form>
  )
}

/** The recovery codes, this one time. */
export function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const { t } = useTranslation('governance.identity')
  return (
    <Stack gap="md">
      <Text>{t('recovery.about')}</Text>
      <List listStyleType="none" aria-label={t('recovery.title')} style={{ columns: 2 }}>
        {codes.map((code) => (
          <List.Item key={code}>
            <Code>{code}</Code>
          </List.Item>
        ))}
      </List>
      <Copyable text={codes.join('\n')} label={t('recovery.all')} />
      <Button onClick={onDone}>{t('recovery.done')}</Button>
    </Stack>
  )
}
