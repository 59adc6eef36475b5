import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { asWords } from '../disclosures/plain.ts'
import type { MyConsent } from './queries.ts'

export interface Terms {
  readonly recipients: string
  readonly data: string
  readonly purposes: string
}

/** Who receives what for which purposes, as parts of a sentence. */
export function useTerms({ recipients, data_classes, purposes }: Pick<MyConsent, 'recipients' | 'data_classes' | 'purposes'>): Terms {
  const { t } = useTranslation('me.consents')
  const format = useFormat()
  const everybody = recipients.some(({ reference }) => reference === '*')
  return {
    recipients: everybody ? t('everybody') : format.list(recipients.map(({ reference, name }) => name ?? asWords(reference))),
    data: data_classes.includes('*') ? t('everything') : t('records', { kinds: format.list(data_classes.map((kind) => t('quoted', { text: asWords(kind) }))) }),
    purposes: format.list(purposes.map(({ label }) => t('quoted', { text: label }))),
  }
}
