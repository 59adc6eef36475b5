import { MultiSelect, NativeSelect, NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import english from '../../../i18n/en.json'
import { choices, type FieldName, fieldsOf, persOf, read, withField } from './kinds.ts'
import type { Condition } from './queries.ts'
import { SpanField } from './span-field.tsx'

interface ConditionFormProps {
  readonly condition: Condition
  readonly onChange: (condition: Condition) => void
}

/** The fields of a kind of rule, in the order in which its sentence says them. */
export function ConditionForm({ condition, onChange }: ConditionFormProps) {
  return fieldsOf(condition).map((name) => (
    <Field key={`${condition.kind} ${name}`} name={name} condition={condition} onChange={(value) => onChange(withField(condition, name, value))} />
  ))
}

/** What the ledger's types are called is in the catalogue; what it does not call can still be written as JSON. */
const knownTypes = Object.keys(english.entry)
  .map((key) => key.replaceAll('-', '.'))
  .filter((type) => type !== 'monitoring.raise' && type !== 'monitoring.digest')

interface FieldProps {
  readonly name: FieldName
  readonly condition: Condition
  readonly onChange: (value: unknown) => void
}

function Field({ name, condition, onChange }: FieldProps) {
  const { t } = useTranslation('insight.alerts')
  const value = read(condition, name)
  const label = t(`field.${name}`)
  switch (name) {
    case 'types': {
      const chosen = Array.isArray(value) ? value.map(String) : []
      return (
        <MultiSelect
          label={label}
          value={chosen}
          data={[...new Set([...knownTypes, ...chosen])].map((type) => ({ value: type, label: t(`entry.${type.replaceAll('.', '-')}`, type) }))}
          searchable
          hidePickedOptions
          onChange={onChange}
        />
      )
    }
    case 'decision':
      return (
        <NativeSelect
          label={label}
          value={typeof value === 'string' ? value : ''}
          data={[{ value: '', label: t('anyDecision') }, ...choices.decision.map((one) => ({ value: one, label: t(`decision.${one}`) }))]}
          onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
        />
      )
    case 'measure':
    case 'actors':
    case 'shape':
      return (
        <NativeSelect
          label={label}
          value={String(value)}
          data={choices[name].map((one) => ({ value: one, label: t(`choice.${name}.${one}`) }))}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'per':
      return (
        <NativeSelect
          label={label}
          value={String(value)}
          data={persOf(condition.kind).map((one) => ({ value: one, label: t(`choice.per.${one}`) }))}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'window_seconds':
    case 'pause_seconds':
      return <SpanField label={label} seconds={Number(value)} onChange={onChange} />
    case 'threshold':
    case 'learning_days':
      return (
        <NumberInput
          label={read(condition, 'measure') === 'bytes' && name === 'threshold' ? t('field.bytes') : label}
          value={Number(value)}
          min={0}
          allowDecimal={false}
          thousandSeparator=" "
          onChange={(given) => {
            if (typeof given === 'number') onChange(given)
          }}
        />
      )
  }
}
