import { Button, Checkbox, Input, MultiSelect, Select, Slider, Stack, Switch, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { faultsAt } from '../../../ui/json/document.ts'
import type { FormProps } from './form.ts'
import type { Aggregation } from './plan.ts'

const profiles = ['strictest', 'open_safely', 'acro', 'data_shield'] as const

/** A table of figures in place of rows. */
export function AggregationStep({ plan, faults, change, tableOf }: FormProps) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const { aggregation } = plan
  const names = plan.elements.map(({ name }) => name)
  const isNumber = (name: string) => {
    const element = plan.elements.find((one) => one.name === name)
    const table = plan.sources.find(({ as }) => as === element?.source)?.table ?? ''
    return ['integer', 'number'].includes(tableOf(table)?.columns.find((one) => one.name === element?.column)?.type ?? '')
  }
  if (aggregation === undefined) {
    return (
      <Stack gap="md">
        <Text maw={720}>{t('aggregation.about')}</Text>
        <div>
          <Button
            disabled={names.length === 0}
            onClick={() => change(['aggregation'], { by: names.slice(0, 1), measures: [{ kind: 'count' }], profile: 'strictest' })}
          >
            {t('aggregation.begin')}
          </Button>
        </div>
      </Stack>
    )
  }
  const set = (part: Partial<Aggregation>) => change(['aggregation'], { ...aggregation, ...part })
  const measures = aggregation.measures ?? [{ kind: 'count' as const }]
  const has = (kind: string, of?: string) => measures.some((measure) => measure.kind === kind && measure.of === of)
  const toggle = (kind: 'count' | 'sum' | 'mean', of?: string) =>
    set({
      measures: has(kind, of)
        ? measures.filter((measure) => !(measure.kind === kind && measure.of === of))
        : [...measures, of === undefined ? { kind } : { kind, of }],
    })
  const epsilon = aggregation.noise?.epsilon
  return (
    <Stack gap="lg">
      <Switch checked label={t('aggregation.on')} onChange={() => change(['aggregation'], undefined)} />
      <MultiSelect
        label={t('aggregation.by')}
        description={t('aggregation.byHint')}
        data={names}
        maxValues={2}
        value={[...aggregation.by]}
        error={faultsAt(faults, ['aggregation', 'by'])}
        onChange={(by) => set({ by })}
        maw={480}
      />
      <Stack gap="xs" component="fieldset" className="plan-fieldset">
        <legend>{t('aggregation.measures')}</legend>
        <Checkbox label={t('aggregation.count')} checked={has('count')} onChange={() => toggle('count')} />
        {names
          .filter((name) => isNumber(name) && !aggregation.by.includes(name))
          .flatMap((name) =>
            (['sum', 'mean'] as const).map((kind) => (
              <Checkbox key={`${kind} ${name}`} label={t(`aggregation.${kind}`, { name })} checked={has(kind, name)} onChange={() => toggle(kind, name)} />
            )),
          )}
        {faultsAt(faults, ['aggregation', 'measures']) === undefined ? null : (
          <Text c="var(--mantine-color-error)" size="sm">
            {faultsAt(faults, ['aggregation', 'measures'])}
          </Text>
        )}
      </Stack>
      <Select
        label={t('aggregation.profile')}
        description={t('aggregation.profileHint')}
        maw={480}
        data={profiles.map((value) => ({ value, label: t(`aggregation.profiles.${value}`) }))}
        value={aggregation.profile ?? 'strictest'}
        allowDeselect={false}
        onChange={(profile) => set({ profile: profile ?? 'strictest' })}
      />
      <Switch
        label={t('aggregation.noise')}
        description={t('aggregation.noiseHint')}
        checked={epsilon !== undefined}
        onChange={() => change(['aggregation', 'noise'], epsilon === undefined ? { epsilon: 1 } : undefined)}
      />
      {epsilon === undefined ? null : (
        <Input.Wrapper label={t('aggregation.epsilon', { value: format.number(epsilon) })} description={t('aggregation.epsilonHint')} maw={480}>
          <Slider
            mt="xs"
            min={0.1}
            max={10}
            step={0.1}
            value={epsilon}
            thumbLabel={t('aggregation.epsilonName')}
            onChange={(value) => change(['aggregation', 'noise'], { epsilon: value })}
          />
        </Input.Wrapper>
      )}
    </Stack>
  )
}
