import { Button, Group, Paper, SimpleGrid } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useSession } from '../../../session.ts'
import { Page } from '../../../ui/page.tsx'
import { usePartners } from '../../../ui/partner-names.ts'
import { useAddressValues } from '../../../ui/use-address-values.ts'
import { BytesChart, DenialsChart, LatencyChart, RequestsChart, SplitChart } from './charts.tsx'
import { Choice } from './choice.tsx'
import { HeatSection } from './heat-section.tsx'
import { type Grain, grainOf, periodNames, periodOf, periods } from './period.ts'
import { patternsKey } from './queries.ts'
import { useCounted } from './use-counted.ts'

/** What the log adds up to: charts that grow as requests come, and who got what at which hour. */
export function Patterns() {
  const { t } = useTranslation('insight.patterns')
  const format = useFormat()
  const [values, change] = useAddressValues()
  const { partner: own } = useSession()
  const partners = usePartners()
  useCounted(['release.*'], patternsKey)

  const period = periodOf(values.period)
  const grain = grainOf(period, values.grain)
  const narrowed = { period, grain, partner: values.partner, purpose: values.purpose }
  const grains: readonly Grain[] = periods[period].grains
  return (
    <Page title={t('title')} about={t('about')}>
      <Group gap="sm" align="flex-end">
        <Choice
          label={t('period.label')}
          value={period}
          options={periodNames.map((value) => ({ value, label: t(`period.${value}`) }))}
          onChange={(value) => change({ period: value, grain: undefined })}
        />
        <Choice
          label={t('grain.label')}
          value={grain}
          options={grains.map((value) => ({ value, label: t(`grain.${value}`) }))}
          onChange={(value) => change({ grain: value })}
        />
        {partners.length === 0 ? null : (
          <Choice
            label={t('partner')}
            value={values.partner ?? ''}
            options={[{ value: '', label: t('allPartners') }, ...partners.map(({ id, name }) => ({ value: id, label: name }))]}
            onChange={(value) => change({ partner: value, purpose: undefined })}
          />
        )}
        {values.purpose === undefined && values.field === undefined ? null : (
          <Button variant="default" size="sm" rightSection={<IconX size={14} aria-hidden />} onClick={() => change({ purpose: undefined, field: undefined })}>
            {t('only', { what: format.list([values.purpose, values.field].filter((part) => part !== undefined)) })}
          </Button>
        )}
      </Group>
      <h2 className="sr-only">{t('charts')}</h2>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Framed>
          <RequestsChart {...narrowed} />
        </Framed>
        <Framed>
          <DenialsChart {...narrowed} reasons={own === null} />
        </Framed>
        <Framed>
          <SplitChart {...narrowed} by={own === null && values.partner === undefined ? 'partner' : 'purpose'} />
        </Framed>
        <Framed>
          <BytesChart {...narrowed} by={own === null && values.partner === undefined ? 'partner' : 'purpose'} />
        </Framed>
        <Framed>
          <LatencyChart {...narrowed} operation="authorize" />
        </Framed>
        <Framed>
          <LatencyChart {...narrowed} operation="redeem" />
        </Framed>
      </SimpleGrid>
      <HeatSection period={period} />
    </Page>
  )
}

function Framed({ children }: { readonly children: ReactNode }) {
  return (
    <Paper withBorder p="md" style={{ minWidth: 0 }}>
      {children}
    </Paper>
  )
}
