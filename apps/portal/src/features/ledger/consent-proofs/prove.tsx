import { Button, Checkbox, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { say } from '../../../ui/notices.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { saveProof } from './proofs.tsx'
import { prove, proveLarge } from './queries.ts'

const none = { user_id: '', grantee: '', purpose: '', data_class: '', request_hash: '', verifier: '' }

/** The id of the person stands nowhere but in the form, and is forgotten with it; the file does not tell it. */
export function Prove() {
  const { t } = useTranslation('ledger.consent-proofs')
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button onClick={open}>{t('prove.label')}</Button>
      <Dialog opened={opened} onClose={close} title={t('prove.title')} size="lg">
        <ProveForm onDone={close} />
      </Dialog>
    </>
  )
}

function ProveForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('ledger.consent-proofs')
  const [asked, setAsked] = useState(none)
  const [large, setLarge] = useState(false)
  const proving = useMutation({
    mutationFn: async () => (large ? proveLarge(asked) : saveProof('proof', await prove(asked))),
    gcTime: 0,
    onSuccess: () => {
      void say(t(large ? 'prove.asked' : 'prove.done'))
      onDone()
    },
  })
  const field = (name: keyof typeof none, more: object = {}) => (
    <TextInput
      label={t(`prove.${name}`)}
      description={t(`prove.hint.${name}`)}
      required
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
      value={asked[name]}
      onChange={(event) => setAsked({ ...asked, [name]: event.currentTarget.value.trim() })}
      {...more}
    />
  )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        proving.mutate()
      }}
    >
      <Stack gap="md">
        <ProblemAlert error={proving.error} />
        <Text>{t('prove.about')}</Text>
        {field('user_id')}
        {field('grantee')}
        {field('purpose')}
        {field('data_class')}
        {field('verifier')}
        {field('request_hash', { pattern: '[0-9a-f]{64}', maxLength: 64 })}
        <Checkbox label={t('prove.large')} description={t('prove.hint.large')} checked={large} onChange={(event) => setLarge(event.currentTarget.checked)} />
        <Button type="submit" loading={proving.isPending}>
          {t(large ? 'prove.submitLarge' : 'prove.submit')}
        </Button>
      </Stack>
    </form>
  )
}
