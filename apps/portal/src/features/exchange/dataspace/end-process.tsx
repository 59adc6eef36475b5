import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'

export function EndProcess({ of, act }: { readonly of: 'negotiation' | 'transfer'; readonly act: () => Promise<unknown> }) {
  const { t } = useTranslation('exchange.dataspace')
  return (
    <ConfirmButton label={t('step.terminate')} title={t(`terminate.${of}`)} consequence={t('terminate.consequence')} confirm={t('step.terminate')} act={act} />
  )
}
