import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { faultsAt } from '../../../ui/json/document.ts'
import { ConditionForm } from './condition-form.tsx'
import type { FormProps } from './form.ts'

/** Who is meant, over the elements. */
export function CohortStep({ plan, faults, change, tableOf }: FormProps) {
  const { t } = useTranslation('exchange.plans')
  const columns = plan.elements.map(({ name, source, column }) => {
    const table = plan.sources.find(({ as }) => as === source)?.table ?? ''
    return { name, type: tableOf(table)?.columns.find((one) => one.name === column)?.type ?? 'string' }
  })
  return (
    <Stack gap="md">
      <Text maw={720}>{t('cohort.about')}</Text>
      {columns.length === 0 ? <Text c="dimmed">{t('cohort.noElements')}</Text> : null}
      <ConditionForm
        label={t('step.cohort')}
        predicate={plan.cohort}
        columns={columns}
        fault={faultsAt(faults, ['cohort'])}
        onChange={(cohort) => change(['cohort'], cohort)}
      />
    </Stack>
  )
}
