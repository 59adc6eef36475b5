import { Alert, Button, Group, Select, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { WalletLink } from '../../../ui/wallet-link.tsx'
import { Form } from '../../governance/identity/form.tsx'
import { offerTo, refresh, typesQuery } from './queries.ts'

/** Offers somebody a credential. The id of the person stands nowhere but in the form, and is forgotten with it. */
export function Offer() {
  const { t } = useTranslation('ledger.credentials')
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button onClick={open}>{t('offer.label')}</Button>
      {opened ? <OfferDialog onClose={close} /> : null}
    </>
  )
}

function OfferDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('ledger.credentials')
  const types = useQuery(typesQuery)
  const [userId, setUserId] = useState('')
  const [type, setType] = useState<string | null>(null)
  const offering = useMutation({ mutationFn: offerTo })
  const made = offering.data
  const leave = () => {
    void refresh()
    onClose()
  }
  if (made !== undefined)
    return (
      <Dialog opened onClose={leave} title={t('offer.made')} firm>
        <Text>{t('offer.scan')}</Text>
        <WalletLink uri={made.uri} picture={t('offer.picture')} open={t('offer.open')} label={t('offer.link')} />
        <Alert title={t('offer.code', { code: made.tx_code })}>{t('offer.codeAbout')}</Alert>
        <Group justify="flex-end">
          <Button onClick={leave}>{t('offer.done')}</Button>
        </Group>
      </Dialog>
    )
  const open = (types.data ?? []).filter(({ retired_at }) => retired_at === null)
  return (
    <Dialog opened onClose={onClose} title={t('offer.title')}>
      <Text>{t('offer.about')}</Text>
      <Form
        onSubmit={() => type !== null && offering.mutate({ user_id: userId.trim(), type })}
        submit={t('offer.submit')}
        pending={offering.isPending}
        error={offering.error}
        disabled={type === null}
      >
        <TextInput
          label={t('offer.userId')}
          value={userId}
          onChange={(event) => setUserId(event.currentTarget.value)}
          required
          maxLength={200}
          autoComplete="off"
          data-autofocus
        />
        <Select
          label={t('type')}
          data={open.map(({ slug, name }) => ({ value: slug, label: name }))}
          value={type}
          onChange={setType}
          required
          nothingFoundMessage={t('types.empty')}
        />
      </Form>
    </Dialog>
  )
}
