import { useTranslation } from 'react-i18next'
import { type Fact, Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import type { Negotiation, Transfer } from './queries.ts'

/** What is known of every process with another participant. */
export function ProcessFacts({ process, agreed = [] }: { readonly process: Negotiation | Transfer; readonly agreed?: readonly Fact[] }) {
  const { t } = useTranslation('exchange.dataspace')
  return (
    <Facts
      facts={[
        { label: t('partner'), value: process.partner },
        { label: t('roleLabel'), value: t(`role.${process.role}`) },
        { label: t('dataset'), value: process.dataset },
        { label: t('agreement'), value: process.agreement },
        ...agreed,
        { label: t('reason'), value: process.reason === null ? null : t(`why.${process.reason}`, process.reason) },
        { label: t('begunAt'), value: <Moment at={process.created_at} /> },
        { label: t('changedAt'), value: <Moment at={process.changed_at} /> },
        { label: t('id'), value: <ShortId id={process.id} /> },
      ]}
    />
  )
}
