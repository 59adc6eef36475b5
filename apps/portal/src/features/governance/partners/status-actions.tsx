import { Button, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../../ui/confirm-button.tsx'
import { type Partner, refreshPartners, updatePartner } from './queries.ts'

type Step = 'suspend' | 'activate' | 'sanction' | 'end' | 'retire'

/** The steps of a partner's life from each of its states; `end` only sets the day on which it expires. */
const steps: Readonly<Record<Partner['status'], readonly Step[]>> = {
  active: ['end', 'suspend', 'sanction', 'retire'],
  suspended: ['activate', 'sanction', 'retire'],
  expired: ['activate', 'sanction', 'retire'],
  sanctioned: ['activate', 'retire'],
  retired: [],
}
const leadsTo = { suspend: 'suspended', activate: 'active', sanction: 'sanctioned', retire: 'retired' } as const

export function StatusActions({ partner }: { readonly partner: Partner }) {
  return steps[partner.status].map((step) => <StepButton key={step} partner={partner} step={step} />)
}

function StepButton({ partner, step }: { readonly partner: Partner; readonly step: Step }) {
  const { t } = useTranslation('governance.partners')
  const [opened, { open, close }] = useDisclosure()
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState(partner.expires_at?.slice(0, 10) ?? '')
  const dated = step === 'end' || step === 'activate'
  const act = async () => {
    await updatePartner(partner.id, {
      ...(step === 'end' ? {} : { status: leadsTo[step] }),
      ...(dated ? { expires_at: until === '' ? null : `${until}T00:00:00Z` } : {}),
      ...(reason.trim() === '' ? {} : { reason }),
    })
    await refreshPartners()
  }
  return (
    <>
      <Button variant="default" onClick={open}>
        {t(`step.${step}.label`)}
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={close}
        title={t(`step.${step}.title`, { name: partner.name })}
        consequence={t(`step.${step}.consequence`)}
        confirm={t(`step.${step}.confirm`)}
        act={act}
      >
        {dated ? (
          <TextInput label={t('until')} description={t('untilHint')} type="date" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
        ) : null}
        {step === 'end' ? null : (
          <TextInput
            label={t('reason')}
            description={t('reasonHint')}
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
      </ConfirmDialog>
    </>
  )
}
