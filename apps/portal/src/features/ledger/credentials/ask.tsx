import { Button, Group, Select, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { WalletLink } from '../../../ui/wallet-link.tsx'
import { Form } from '../../governance/identity/form.tsx'
import { purposesQuery } from '../../governance/purposes/queries.ts'
import { askWallet, refresh } from './queries.ts'

/** Asks a wallet for a claim, whoever holds it. */
export function AskWallet() {
  const { t } = useTranslation('ledger.credentials')
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('ask.label')}
      </Button>
      {opened ? <AskDialog onClose={close} /> : null}
    </>
  )
}

const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '')

function AskDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('ledger.credentials')
  const purposes = useQuery(purposesQuery)
  const [vct, setVct] = useState('')
  const [claims, setClaims] = useState('')
  const [issuers, setIssuers] = useState('')
  const [purpose, setPurpose] = useState<string | null>(null)
  const asking = useMutation({ mutationFn: askWallet })
  const leave = () => {
    void refresh()
    onClose()
  }
  if (asking.data !== undefined)
    return (
      <Dialog opened onClose={leave} title={t('ask.made')} firm>
        <Text>{t('ask.scan')}</Text>
        <WalletLink uri={asking.data.uri} picture={t('ask.picture')} open={t('offer.open')} label={t('offer.link')} />
        <Group justify="flex-end">
          <Button onClick={leave}>{t('offer.done')}</Button>
        </Group>
      </Dialog>
    )
  return (
    <Dialog opened onClose={onClose} title={t('ask.title')}>
      <Text>{t('ask.about')}</Text>
      <Form
        onSubmit={() => purpose !== null && asking.mutate({ vct: vct.trim(), claims: words(claims), issuers: words(issuers), purpose })}
        submit={t('ask.submit')}
        pending={asking.isPending}
        error={asking.error}
        disabled={purpose === null}
      >
        <TextInput
          label={t('ask.vct')}
          description={t('ask.vctAbout')}
          value={vct}
          onChange={(event) => setVct(event.currentTarget.value)}
          required
          maxLength={500}
          spellCheck={false}
          data-autofocus
        />
        <TextInput
          label={t('ask.claims')}
          description={t('ask.claimsAbout')}
          value={claims}
          onChange={(event) => setClaims(event.currentTarget.value)}
          required
          spellCheck={false}
        />
        <TextInput
          label={t('ask.issuers')}
          description={t('ask.issuersAbout')}
          value={issuers}
          onChange={(event) => setIssuers(event.currentTarget.value)}
          required
          spellCheck={false}
        />
        <Select
          label={t('purpose')}
          data={(purposes.data ?? []).map(({ term, label }) => ({ value: term, label }))}
          value={purpose}
          onChange={setPurpose}
          searchable
          required
        />
      </Form>
    </Dialog>
  )
}
