import { Button, Select, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../../ui/confirm-button.tsx'
import { say } from '../../../ui/notices.tsx'
import { type Erasure, grounds, requestErasure } from './queries.ts'

/** Asks for an erasure. The id of the person stands nowhere but in the form, and is forgotten with it. */
export function RequestErasure({ person }: { readonly person?: string }) {
  const { t } = useTranslation('ledger.erasures')
  const navigate = useNavigate()
  const [opened, { open, close }] = useDisclosure()
  const [userId, setUserId] = useState('')
  const [ground, setGround] = useState<Erasure['ground']>('request_of_the_person')
  const [reference, setReference] = useState('')
  const whom = person ?? userId.trim()
  const leave = () => {
    setUserId('')
    setReference('')
    close()
  }
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('request.label')}
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={leave}
        title={t('request.title')}
        consequence={t('request.consequence')}
        confirm={t('request.confirm')}
        disabled={whom === ''}
        act={async () => {
          const id = await requestErasure({ user_id: whom, ground, ...(reference.trim() === '' ? {} : { reference: reference.trim() }) })
          void say(t('request.done'))
          await navigate({ to: '/ledger/erasures/$erasure', params: { erasure: id } as never })
        }}
      >
        <Stack gap="sm">
          {person === undefined ? (
            <TextInput
              label={t('request.userId')}
              value={userId}
              onChange={(event) => setUserId(event.currentTarget.value)}
              required
              maxLength={200}
              autoComplete="off"
            />
          ) : null}
          <Select
            label={t('ground')}
            data={grounds.map((value) => ({ value, label: t(`grounds.${value}`) }))}
            value={ground}
            onChange={(value) => setGround((value as Erasure['ground'] | null) ?? ground)}
            allowDeselect={false}
          />
          <TextInput
            label={t('reference')}
            description={t('request.referenceAbout')}
            value={reference}
            onChange={(event) => setReference(event.currentTarget.value)}
            maxLength={200}
            autoComplete="off"
          />
        </Stack>
      </ConfirmDialog>
    </>
  )
}
