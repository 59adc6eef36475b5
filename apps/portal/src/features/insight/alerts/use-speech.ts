import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { usePartners } from '../../../ui/partner-names.ts'
import { shortened } from '../../../ui/short-id.tsx'
import type { Alert } from './queries.ts'
import type { Speech } from './sentence.ts'
import { spanIn } from './span.ts'

export function useSpeech(): Speech {
  const { t, i18n } = useTranslation('insight.alerts')
  const format = useFormat()
  return useMemo(() => ({ t, format, span: spanIn(i18n.language) }), [t, format, i18n.language])
}

/** Whom an alert is about, by a name where there is one. */
export function useAbout(): (about: Alert['about']) => string {
  const { t } = useTranslation('insight.alerts')
  const partners = usePartners()
  return useMemo(
    () =>
      ({ kind, id }) => {
        if (kind === 'partner') return partners.find((partner) => partner.id === id)?.name ?? t('about.partner', { id: shortened(id) })
        if (kind === 'type') return t(`entry.${id.replaceAll('.', '-')}`, id)
        return t(`about.${kind}`, { id: shortened(id) })
      },
    [t, partners],
  )
}
