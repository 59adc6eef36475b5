import { Button, Group, NumberInput, Select, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { faultsAt } from '../../../ui/json/document.ts'
import type { Mask } from './document.ts'
import type { RuleFormProps } from './form.ts'
import { MaskLegend, MaskWords } from './mask-words.tsx'
import { beginMask, formOf, type Parameter } from './masks.ts'
import { recordTypesQuery, type Vocabulary, vocabularyQuery } from './queries.ts'

const leftOut = 'left_out'

/** Field by field what becomes of it. A field without a mask here is left out. */
export function FieldsForm({ policy, at, faults, change }: RuleFormProps) {
  const { t } = useTranslation('governance.policies')
  const types = useQuery(recordTypesQuery)
  const vocabulary = useQuery(vocabularyQuery)
  const [added, setAdded] = useState('')
  const rule = policy.permission[at]
  if (rule === undefined) return null
  const known = types.data?.find(({ record_type }) => record_type === rule.target)?.fields ?? []
  const names = [...new Set([...known.map(({ name }) => name), ...Object.keys(rule.fields)])]
  const set = (name: string, mask: Mask | undefined) => change(['permission', at, 'fields', name], mask)
  return (
    <Stack gap="sm">
      <MaskLegend />
      {Object.keys(rule.fields).length === 0 ? (
        <Text c="var(--mantine-color-error)" size="sm" role="alert">
          {faultsAt(faults, ['permission', at, 'fields']) ?? t('fields.none')}
        </Text>
      ) : null}
      <div>
        {names.map((name) => (
          <FieldRow
            key={name}
            name={name}
            sensitivity={known.find((field) => field.name === name)?.sensitivity}
            mask={Object.hasOwn(rule.fields, name) ? rule.fields[name] : undefined}
            masks={vocabulary.data?.masks ?? []}
            fault={faultsAt(faults, ['permission', at, 'fields', name])}
            onChange={(mask) => set(name, mask)}
          />
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (added.trim() === '') return
          set(added.trim(), beginMask('keep'))
          setAdded('')
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput label={t('fields.add')} value={added} onChange={(event) => setAdded(event.currentTarget.value)} maxLength={128} />
          <Button type="submit" variant="default">
            {t('fields.addIt')}
          </Button>
        </Group>
      </form>
    </Stack>
  )
}

interface FieldRowProps {
  readonly name: string
  readonly sensitivity: string | undefined
  readonly mask: Mask | undefined
  readonly masks: Vocabulary['masks']
  readonly fault: string | undefined
  readonly onChange: (mask: Mask | undefined) => void
}

function FieldRow({ name, sensitivity, mask, masks, fault, onChange }: FieldRowProps) {
  const { t } = useTranslation('governance.policies')
  const parameters = masks.find((one) => one.mask === mask?.mask)?.parameters ?? []
  return (
    <Stack gap={6} className="field-row" role="group" aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{name}</Text>
        <Group gap="xs">
          {sensitivity === undefined ? null : (
            <Text size="sm" c="dimmed">
              {t(`sensitivity.${sensitivity}`)}
            </Text>
          )}
          <MaskWords mask={mask} />
        </Group>
      </Group>
      <Group gap="sm" align="flex-end">
        <Select
          aria-label={t('fields.mask', { field: name })}
          data={[
            { value: leftOut, label: t('family.left_out') },
            ...masks.filter((one) => one.mask !== 'drop').map((one) => ({ value: one.mask, label: t(`mask.${one.mask}`, one.title) })),
          ]}
          value={mask === undefined || mask.mask === 'drop' ? leftOut : mask.mask}
          onChange={(value) => onChange(value === null || value === leftOut ? undefined : beginMask(value))}
          error={parameters.length === 0 ? fault : undefined}
          allowDeselect={false}
          w={260}
          maw="100%"
        />
        {mask === undefined
          ? null
          : parameters.map((parameter) => (
              <ParameterInput
                key={parameter.name}
                parameter={parameter}
                value={mask[parameter.name] ?? parameter.schema.default}
                onChange={(value) => onChange(withParameter(mask, parameter.name, value))}
              />
            ))}
      </Group>
      {parameters.length > 0 && fault !== undefined ? (
        <Text size="sm" c="var(--mantine-color-error)">
          {fault}
        </Text>
      ) : null}
    </Stack>
  )
}

function withParameter(mask: Mask, name: string, value: unknown): Mask {
  if (value !== undefined && value !== '') return { ...mask, [name]: value }
  return Object.fromEntries(Object.entries(mask).filter(([other]) => other !== name)) as unknown as Mask
}

interface ParameterInputProps {
  readonly parameter: Parameter
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

function ParameterInput({ parameter, value, onChange }: ParameterInputProps) {
  const { t } = useTranslation('governance.policies')
  const label = t(`parameter.${parameter.name}`, parameter.name)
  const form = formOf(parameter)
  switch (form.kind) {
    case 'choice':
      return (
        <Select
          label={label}
          data={form.options.map((option) => ({ value: String(option), label: typeof option === 'number' ? String(option) : t(`option.${option}`, option) }))}
          value={String(value)}
          onChange={(chosen) => onChange(form.options.find((option) => String(option) === chosen))}
          allowDeselect={false}
          w={150}
        />
      )
    case 'number':
      return (
        <NumberInput
          label={label}
          value={typeof value === 'number' ? value : ''}
          onChange={(typed) => onChange(typeof typed === 'number' ? typed : undefined)}
          allowDecimal={!form.whole}
          {...(form.min === undefined ? {} : { min: form.min })}
          {...(form.max === undefined ? {} : { max: form.max })}
          w={130}
        />
      )
    case 'switch':
      return <Switch label={label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} mb={8} />
    case 'numbers':
      return (
        <TagsInput
          label={label}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={(typed) =>
            onChange(
              typed
                .map(Number)
                .filter((number) => !Number.isNaN(number))
                .sort((a, b) => a - b),
            )
          }
          w={260}
          maw="100%"
        />
      )
    case 'text':
      return <TextInput label={label} value={String(value ?? '')} onChange={(event) => onChange(event.currentTarget.value)} w={130} />
  }
}
