import { Button, Checkbox, Group, NumberInput, Select, Stack, TagsInput, Text, TextInput, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { faultsAt, type Path } from '../../../ui/json/document.ts'
import type { Condition, Duty } from './document.ts'
import { durationUnits, readDuration, writeDuration } from './duration.ts'
import type { RuleFormProps } from './form.ts'

type Kind = 'amount' | 'duration' | 'text' | 'list'

/** Which comparisons the form offers for an operand, and what stands on their right. */
const operands: Readonly<Record<string, { readonly operators: readonly string[]; readonly kind: Kind; readonly beginning: Condition }>> = {
  count: {
    operators: ['lteq', 'lt'],
    kind: 'amount',
    beginning: { leftOperand: 'count', operator: 'lteq', rightOperand: 3, window: 'P30D', per: 'subject' },
  },
  elapsedTime: { operators: ['lteq', 'lt'], kind: 'duration', beginning: { leftOperand: 'elapsedTime', operator: 'lteq', rightOperand: 'P365D' } },
  timeOfDay: { operators: ['gteq', 'gt', 'lteq', 'lt'], kind: 'text', beginning: { leftOperand: 'timeOfDay', operator: 'gteq', rightOperand: '08:00' } },
  dayOfWeek: {
    operators: ['isAnyOf'],
    kind: 'list',
    beginning: { leftOperand: 'dayOfWeek', operator: 'isAnyOf', rightOperand: ['mon', 'tue', 'wed', 'thu', 'fri'] },
  },
  dateTime: {
    operators: ['lt', 'lteq', 'gt', 'gteq'],
    kind: 'text',
    beginning: { leftOperand: 'dateTime', operator: 'lt', rightOperand: '2030-01-01T00:00:00Z' },
  },
  spatial: { operators: ['isAnyOf'], kind: 'list', beginning: { leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: ['ES'] } },
  standing: { operators: ['isAnyOf'], kind: 'list', beginning: { leftOperand: 'standing', operator: 'isAnyOf', rightOperand: ['active'] } },
  resultForm: { operators: ['isAnyOf'], kind: 'list', beginning: { leftOperand: 'resultForm', operator: 'isAnyOf', rightOperand: ['anonymised'] } },
  linkage: { operators: ['isAnyOf'], kind: 'list', beginning: { leftOperand: 'linkage', operator: 'isAnyOf', rightOperand: ['none', 'deterministic'] } },
}

/** Under which limits a rule holds, and what whoever receives owes for it. */
export function LimitsForm({ policy, at, faults, change }: RuleFormProps) {
  const { t } = useTranslation('governance.policies')
  const rule = policy.permission[at]
  if (rule === undefined) return null
  const conditions = rule.constraint ?? []
  const place = (...path: Path): Path => ['permission', at, ...path]
  return (
    <Stack gap="md">
      <Title order={3}>{t('limits.title')}</Title>
      {conditions.length === 0 ? <Text c="dimmed">{t('limits.none')}</Text> : null}
      {conditions.map((condition, index) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions are known by their place only
          key={index}
          condition={condition}
          fault={faultsAt(faults, place('constraint', index))}
          onChange={(next) => change(place('constraint'), next === undefined && conditions.length === 1 ? undefined : replaced(conditions, index, next))}
        />
      ))}
      <Group gap="xs">
        {Object.entries(operands).map(([operand, { beginning }]) => (
          <Button
            key={operand}
            size="compact-md"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => change(place('constraint'), [...conditions, beginning])}
          >
            {t(`operand.${operand}`)}
          </Button>
        ))}
      </Group>
      <NumberInput
        label={t('limits.token')}
        description={t('limits.tokenHint')}
        value={rule.token_ttl_max_seconds ?? ''}
        onChange={(value) => change(place('token_ttl_max_seconds'), typeof value === 'number' ? value : undefined)}
        error={faultsAt(faults, place('token_ttl_max_seconds'))}
        min={1}
        max={86_400}
        allowDecimal={false}
        maw={320}
      />
      <Duties
        duties={rule.duty ?? []}
        fault={faultsAt(faults, place('duty'))}
        onChange={(duties) => change(place('duty'), duties.length === 0 ? undefined : duties)}
      />
    </Stack>
  )
}

const replaced = (conditions: readonly object[], at: number, next: object | undefined) =>
  next === undefined ? conditions.filter((_, index) => index !== at) : conditions.with(at, next)

interface ConditionRowProps {
  readonly condition: object
  readonly fault: string | undefined
  readonly onChange: (condition: object | undefined) => void
}

function ConditionRow({ condition, fault, onChange }: ConditionRowProps) {
  const { t } = useTranslation('governance.policies')
  const { leftOperand = '', operator = '', rightOperand, window, per } = condition as Partial<Condition>
  const operand = operands[leftOperand]
  const remove = (
    <Button variant="subtle" color="red" size="compact-md" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => onChange(undefined)}>
      {t('remove')}
    </Button>
  )
  // Groups of conditions, and comparisons the form does not offer, are kept as they are.
  if (operand === undefined || !operand.operators.includes(operator)) {
    return (
      <Group gap="sm">
        <code>{JSON.stringify(condition)}</code>
        <Text size="sm" c="dimmed">
          {t('limits.asJson')}
        </Text>
        {remove}
      </Group>
    )
  }
  const label = t(`operand.${leftOperand}`)
  return (
    <Stack gap={4} role="group" aria-label={label}>
      <Group gap="sm" align="flex-end">
        <Select
          label={label}
          data={operand.operators.map((value) => ({ value, label: t(`operator.${operand.kind}.${value}`) }))}
          value={operator}
          onChange={(value) => onChange({ ...condition, operator: value ?? operator })}
          allowDeselect={false}
          w={170}
        />
        <RightOperand
          kind={operand.kind}
          hint={leftOperand === 'standing' ? t('limits.standingHint') : undefined}
          label={t('limits.value', { of: label })}
          value={rightOperand}
          onChange={(value) => onChange({ ...condition, rightOperand: value })}
        />
        {leftOperand === 'count' ? (
          <>
            <DurationInput label={t('limits.window')} value={window ?? 'P30D'} onChange={(value) => onChange({ ...condition, window: value })} />
            <Select
              label={t('limits.per')}
              data={['subject', 'rule'].map((value) => ({ value, label: t(`per.${value}`) }))}
              value={per ?? 'rule'}
              onChange={(value) => onChange({ ...condition, per: value ?? per })}
              allowDeselect={false}
              w={170}
            />
          </>
        ) : null}
        {remove}
      </Group>
      {fault === undefined ? null : (
        <Text size="sm" c="var(--mantine-color-error)">
          {fault}
        </Text>
      )}
    </Stack>
  )
}

interface RightOperandProps {
  readonly kind: Kind
  /** Which values there are, where they are few. */
  readonly hint: string | undefined
  readonly label: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

function RightOperand({ kind, hint, label, value, onChange }: RightOperandProps) {
  if (kind === 'duration') return <DurationInput label={label} value={String(value)} onChange={onChange} />
  if (kind === 'list') return <TagsInput label={label} description={hint} value={[value].flat().map(String)} onChange={onChange} w={320} maw="100%" />
  if (kind === 'text') return <TextInput label={label} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)} w={220} />
  return <NumberInput label={label} value={Number(value)} onChange={(typed) => onChange(Number(typed))} min={1} allowDecimal={false} w={150} />
}

/** A number and a unit; what has more parts than that is written as the standard writes it. */
function DurationInput({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useTranslation('governance.policies')
  const read = readDuration(value)
  if (read === undefined) return <TextInput label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)} w={150} />
  return (
    <Group gap={4} align="flex-end" wrap="nowrap">
      <NumberInput
        label={label}
        value={read.amount}
        onChange={(amount) => onChange(writeDuration({ ...read, amount: Number(amount) }))}
        min={1}
        allowDecimal={false}
        w={110}
      />
      <Select
        aria-label={t('limits.unit', { of: label })}
        data={durationUnits.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
        value={read.unit}
        onChange={(unit) => onChange(writeDuration({ ...read, unit: durationUnits.find((one) => one === unit) ?? read.unit }))}
        allowDeselect={false}
        w={110}
      />
    </Group>
  )
}

interface DutiesProps {
  readonly duties: readonly Duty[]
  readonly fault: string | undefined
  readonly onChange: (duties: readonly Duty[]) => void
}

const offered: readonly { readonly name: string; readonly is: (duty: Duty) => boolean; readonly beginning: Duty; readonly time?: 'after' | 'within' }[] = [
  { name: 'log', is: ({ action }) => action === 'log', beginning: { action: 'log' } },
  { name: 'delete', is: ({ action }) => action === 'delete', beginning: { action: 'delete', after: 'P90D' }, time: 'after' },
  ...(['subject', 'controller', 'authority'] as const).map((party) => ({
    name: `inform_${party}`,
    is: (duty: Duty) => duty.action === 'inform' && duty.party === party,
    beginning: { action: 'inform', party, within: 'P30D' },
    time: 'within' as const,
  })),
]

function Duties({ duties, fault, onChange }: DutiesProps) {
  const { t } = useTranslation('governance.policies')
  return (
    <Stack gap="xs">
      <Title order={3}>{t('duties.title')}</Title>
      {offered.map(({ name, is, beginning, time }) => {
        const duty = duties.find(is)
        return (
          <Group key={name} gap="sm" mih={36}>
            <Checkbox
              label={t(`duty.${name}`)}
              checked={duty !== undefined}
              onChange={(event) => onChange(event.currentTarget.checked ? [...duties, beginning] : duties.filter((one) => !is(one)))}
            />
            {duty === undefined || time === undefined ? null : (
              <DurationInput
                label={t(`duties.${time}`)}
                value={duty[time] ?? 'P30D'}
                onChange={(value) => onChange(duties.map((one) => (is(one) ? { ...one, [time]: value } : one)))}
              />
            )}
          </Group>
        )
      })}
      {fault === undefined ? null : (
        <Text size="sm" c="var(--mantine-color-error)">
          {fault}
        </Text>
      )}
    </Stack>
  )
}
