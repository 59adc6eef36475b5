import { JsonInput, NumberInput, PasswordInput, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Fault, faultsAt, put } from '../../../ui/json/document.ts'
import { type FieldOf, valueAt } from './schema-fields.ts'

interface SchemaFormProps {
  readonly fields: readonly FieldOf[]
  readonly value: Readonly<Record<string, unknown>>
  readonly onChange: (value: Readonly<Record<string, unknown>>) => void
  /** What the node refused, and where the document stands in what was sent. */
  readonly faults: readonly Fault[]
  readonly at: string
}

/** The questions of a kind of source; one that the catalogue has no words for, in those of its schema. */
export function SchemaForm({ fields, value, onChange, faults, at }: SchemaFormProps) {
  return (
    <Stack gap="md">
      {fields.map((field) => (
        <Field
          key={field.path.join('/')}
          field={field}
          value={valueAt(value, field.path)}
          fault={faultsAt(faults, [at, ...field.path])}
          onChange={(next) => onChange(put(value, field.path, next))}
        />
      ))}
    </Stack>
  )
}

interface FieldProps {
  readonly field: FieldOf
  readonly value: unknown
  readonly fault: string | undefined
  readonly onChange: (value: unknown) => void
}

function Field({ field, value, fault, onChange }: FieldProps) {
  const { t } = useTranslation('custody.sources')
  const name = String(field.path.at(-1))
  const label = t(`field.${name}.label`, field.label)
  const description = field.description === undefined ? undefined : t(`field.${name}.about`, field.description)
  const common = { label, description, required: field.required, error: fault }
  const written = typeof value === 'string' ? value : ''
  const orNothing = (text: string) => (text === '' ? undefined : text)
  switch (field.kind) {
    case 'choice':
      return <Select {...common} data={[...field.choices]} value={written === '' ? null : written} onChange={(next) => onChange(next ?? undefined)} />
    case 'boolean':
      return (
        <Switch label={label} description={description} error={fault} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      )
    case 'number':
      return (
        <NumberInput {...common} value={typeof value === 'number' ? value : ''} onChange={(next) => onChange(typeof next === 'number' ? next : undefined)} />
      )
    case 'list':
      return (
        <TagsInput
          {...common}
          value={Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []}
          onChange={(next) => onChange(next.length === 0 ? undefined : next)}
        />
      )
    case 'secret':
      return (
        <PasswordInput
          {...common}
          value={written}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': t('secret.show') }}
          onChange={(event) => onChange(orNothing(event.currentTarget.value))}
        />
      )
    case 'json':
      return <JsonField common={common} value={value} onChange={onChange} />
    default:
      return (
        <TextInput {...common} value={written} autoComplete="off" spellCheck={false} onChange={(event) => onChange(orNothing(event.currentTarget.value))} />
      )
  }
}

function JsonField({ common, value, onChange }: { readonly common: object; readonly value: unknown; readonly onChange: (value: unknown) => void }) {
  const { t } = useTranslation('custody.sources')
  return (
    <JsonInput
      {...common}
      autosize
      minRows={3}
      formatOnBlur
      validationError={t('json')}
      defaultValue={value === undefined ? '' : JSON.stringify(value, null, 2)}
      onChange={(text) => {
        try {
          onChange(text.trim() === '' ? undefined : JSON.parse(text))
        } catch {
          // Not yet whole; the field says so once it is left.
        }
      }}
    />
  )
}
