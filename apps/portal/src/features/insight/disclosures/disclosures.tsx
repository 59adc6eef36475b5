import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../ui/page.tsx'
import { EmptyState, LoadingState, ProblemAlert } from '../../../ui/states.tsx'
import { ReportForm } from './form.tsx'
import { readReport } from './queries.ts'
import { ReportShown } from './report.tsx'

/** What left in a period: to whom, why and on which basis. */
export function Disclosures() {
  const { t } = useTranslation('insight.disclosures')
  const reading = useMutation({ mutationFn: readReport })
  const result = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (reading.data !== undefined) result.current?.focus()
  }, [reading.data])
  return (
    <Page title={t('title')} about={t('about')}>
      <ReportForm onAsk={(question) => reading.mutate(question)} asking={reading.isPending} />
      <ProblemAlert error={reading.error} />
      {reading.isPending ? <LoadingState /> : null}
      {reading.isIdle ? <EmptyState title={t('empty.title')} about={t('empty.about')} /> : null}
      <div ref={result} tabIndex={-1} style={{ outline: 'none' }}>
        {reading.data === undefined ? null : <ReportShown report={reading.data} />}
      </div>
    </Page>
  )
}
