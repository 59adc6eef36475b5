import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { type Partner, refreshPartners, updatePartner } from './queries.ts'

/** The steps of a partner's life from each of its states. */
const steps: Readonly<Record<Partner['status'], readonly ('suspend' | 'activate' | 'retire')[]>> = {
  active: ['suspend', 'retire'],
  suspended: ['activate', 'retire'],
  retired: [],
}
const leadsTo = { suspend: 'suspended', activate: 'active', retire: 'retired' } as const

export function StatusActions({ partner }: { readonly partner: Partner }) {
  const { t } = useTranslation('governance.partners')
  return steps[partner.status].map((step) => (
    <ConfirmButton
      key={step}
      label={t(`step.${step}.label`)}
      title={t(`step.${step}.title`, { name: partner.name })}
      consequence={t(`step.${step}.consequence`)}
      confirm={t(`step.${step}.confirm`)}
      act={async () => {
        await updatePartner(partner.id, { status: leadsTo[step] })
        await refreshPartners()
      }}
    />
  ))
}
