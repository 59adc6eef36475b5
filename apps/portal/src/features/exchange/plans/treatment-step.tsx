import { ActionIcon, Alert, Button, Group, Input, NumberInput, Paper, Select, Slider, Stack, Switch, Text } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { meaning } from '../../../theme.ts'
import { faultsAt } from '../../../ui/json/document.ts'
import type { FormProps } from './form.ts'
import { modelFor, offerOf, offers } from './models.ts'
import type { Model } from './plan.ts'

/** What the table must keep before it is given out, each promise as a sentence. */
export function TreatmentStep({ plan, faults, change }: FormProps) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const { treatment } = plan
  const sensitive = plan.elements.filter(({ role }) => role === 'sensitive').map(({ name }) => name)
  const [adding, setAdding] = useState<string>('k_anonymity')
  if (treatment === undefined) {
    return (
      <Stack gap="md">
        <Alert color={plan.form === 'anonymised' ? meaning.attention : 'gray'} variant="default" title={t('treatment.without')}>
          {t(`treatment.withoutAbout.${plan.form}`)}
        </Alert>
        <div>
          <Button onClick={() => change(['treatment'], { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.05 })}>{t('treatment.begin')}</Button>
        </div>
      </Stack>
    )
  }
  const setModels = (models: readonly Model[]) => change(['treatment', 'models'], models)
  const addable = offers.filter((offer) => !offer.sensitive || sensitive.length > 0)
  const limit = treatment.suppression_limit ?? 0
  const threshold = treatment.risk?.threshold ?? 0.2
  return (
    <Stack gap="lg">
      <Switch checked label={t('treatment.on')} description={t('treatment.onHint')} onChange={() => change(['treatment'], undefined)} />
      <Stack gap="sm" component="section" aria-label={t('treatment.models')}>
        <Text fw={600}>{t('treatment.models')}</Text>
        {treatment.models.map((model, at) => (
          <OneModel
            // biome-ignore lint/suspicious/noArrayIndexKey: one model may stand twice
            key={`${at} ${model.model}`}
            model={model}
            sensitive={sensitive}
            fault={faultsAt(faults, ['treatment', 'models', at])}
            onChange={(next) => setModels(treatment.models.map((one, index) => (index === at ? next : one)))}
            {...(treatment.models.length < 2 ? {} : { onRemove: () => setModels(treatment.models.filter((_, index) => index !== at)) })}
          />
        ))}
        <Group align="flex-end">
          <Select
            label={t('treatment.add')}
            flex="1 1 16rem"
            maw={420}
            data={addable.map(({ model }) => ({ value: model, label: t(`model.${model}.name`) }))}
            value={adding}
            allowDeselect={false}
            onChange={(value) => setAdding(value ?? adding)}
          />
          <Button variant="default" onClick={() => setModels([...treatment.models, modelFor(adding, sensitive)])}>
            {t('treatment.addSubmit')}
          </Button>
        </Group>
        {sensitive.length > 0 ? null : (
          <Text size="sm" c="dimmed">
            {t('treatment.noSensitive')}
          </Text>
        )}
      </Stack>
      <Input.Wrapper label={t('treatment.suppression', { share: format.percent(limit) })} description={t('treatment.suppressionHint')} maw={480}>
        <Slider
          mt="xs"
          min={0}
          max={0.5}
          step={0.01}
          value={limit}
          thumbLabel={t('treatment.suppressionName')}
          label={(value) => format.percent(value)}
          onChange={(value) => change(['treatment', 'suppression_limit'], value)}
        />
      </Input.Wrapper>
      <Input.Wrapper label={t('treatment.risk', { risk: format.percent(threshold) })} description={t('treatment.riskHint')} maw={480}>
        <Slider
          mt="xs"
          min={0}
          max={1}
          step={0.01}
          value={threshold}
          thumbLabel={t('treatment.riskName')}
          label={(value) => format.percent(value)}
          onChange={(value) => change(['treatment', 'risk'], { ...treatment.risk, threshold: value })}
        />
      </Input.Wrapper>
    </Stack>
  )
}

interface OneModelProps {
  readonly model: Model
  readonly sensitive: readonly string[]
  readonly fault: string | undefined
  readonly onChange: (model: Model) => void
  readonly onRemove?: () => void
}

function OneModel({ model, sensitive, fault, onChange, onRemove }: OneModelProps) {
  const { t } = useTranslation('exchange.plans')
  const offer = offerOf(model)
  const name = offer === undefined ? model.model : t(`model.${model.model}.name`)
  const number = offer?.number
  const value = number === undefined ? undefined : model[number.name]
  return (
    <Paper withBorder p="sm">
      <Group align="flex-end" gap="sm" justify="space-between">
        <Stack gap={4} flex="1 1 18rem">
          <Text fw={600}>{name}</Text>
          <Text size="sm">
            {offer === undefined
              ? t('model.other')
              : t(`model.${model.model}.says`, { value: typeof value === 'number' ? value : '–', attribute: String(model.attribute ?? '') })}
          </Text>
        </Stack>
        <Group align="flex-end" gap="sm">
          {offer?.sensitive === true ? (
            <Select
              label={t('model.attribute')}
              w={170}
              data={[...new Set([...sensitive, ...(typeof model.attribute === 'string' && model.attribute !== '' ? [model.attribute] : [])])]}
              value={typeof model.attribute === 'string' ? model.attribute : null}
              onChange={(attribute) => onChange({ ...model, attribute: attribute ?? '' })}
            />
          ) : null}
          {number === undefined ? null : (
            <NumberInput
              label={t(`model.number.${number.name}`)}
              w={110}
              min={number.min}
              max={number.max}
              step={number.step}
              value={typeof value === 'number' ? value : ''}
              onChange={(next) => typeof next === 'number' && onChange({ ...model, [number.name]: next })}
            />
          )}
          {onRemove === undefined ? null : (
            <ActionIcon variant="default" size="lg" onClick={onRemove} aria-label={t('model.remove', { name })}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
      {fault === undefined ? null : (
        <Text c="var(--mantine-color-error)" size="sm" mt="xs" role="alert">
          {fault}
        </Text>
      )}
    </Paper>
  )
}
