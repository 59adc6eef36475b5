import { ActionIcon, Button, Group, NumberInput, Paper, Select, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { faultsAt } from '../../../ui/json/document.ts'
import type { FormProps } from './form.ts'
import { linkForms, type Preparation } from './plan.ts'

const kinds = ['require', 'range', 'rename', 'code', 'convert', 'normalise'] as const
type Kind = (typeof kinds)[number]

const begun: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  require: { rule: 'present', otherwise: 'drop' },
  range: { otherwise: 'blank' },
  rename: { to: 'name' },
  code: { list: {}, otherwise: 'blank' },
  convert: { from: 'mg/dL', to: 'mmol/L' },
  normalise: { form: 'name' },
}
const rules = ['present', 'unique', 'valid'] as const
const outcomes: Readonly<Record<'require' | 'range' | 'code', readonly string[]>> = {
  require: ['drop', 'stop'],
  range: ['blank', 'drop', 'stop'],
  code: ['blank', 'keep', 'stop'],
}

/** What is checked and mended after a source is read, in this order. */
export function PrepareStep({ plan, faults, change, tableOf }: FormProps) {
  const { t } = useTranslation('exchange.plans')
  if (plan.sources.length === 0) return <Text c="dimmed">{t('elements.noSources')}</Text>
  return (
    <Stack gap="lg">
      <Text maw={720}>{t('prepare.about')}</Text>
      {plan.sources.map(({ as, table }) => {
        const steps = plan.prepare?.[as] ?? []
        const columns = tableOf(table)?.columns.map(({ name }) => name) ?? []
        const set = (next: readonly Preparation[]) => change(['prepare', as], next.length === 0 ? undefined : next)
        return (
          <Stack key={as} component="section" gap="sm" aria-label={as}>
            <Title order={3}>{as}</Title>
            {steps.length === 0 ? <Text c="dimmed">{t('prepare.none')}</Text> : null}
            {steps.map((step, at) => (
              <OneStep
                // biome-ignore lint/suspicious/noArrayIndexKey: the order is all that tells two steps apart
                key={`${at} ${step.do}`}
                step={step}
                columns={columns}
                fault={faultsAt(faults, ['prepare', as, at])}
                onChange={(next) => set(steps.map((one, index) => (index === at ? next : one)))}
                onRemove={() => set(steps.filter((_, index) => index !== at))}
              />
            ))}
            <Adding columns={columns} onAdd={(step) => set([...steps, step])} />
          </Stack>
        )
      })}
    </Stack>
  )
}

function Adding({ columns, onAdd }: { readonly columns: readonly string[]; readonly onAdd: (step: Preparation) => void }) {
  const { t } = useTranslation('exchange.plans')
  const [kind, setKind] = useState<Kind>('require')
  return (
    <Group align="flex-end">
      <Select
        label={t('prepare.kind')}
        data={kinds.map((value) => ({ value, label: t(`prepare.do.${value}`) }))}
        value={kind}
        allowDeselect={false}
        onChange={(value) => setKind(kinds.find((one) => one === value) ?? kind)}
      />
      <Button
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        disabled={columns.length === 0}
        onClick={() => onAdd({ do: kind, column: columns[0] ?? '', ...begun[kind] })}
      >
        {t('prepare.add')}
      </Button>
    </Group>
  )
}

interface OneStepProps {
  readonly step: Preparation
  readonly columns: readonly string[]
  readonly fault: string | undefined
  readonly onChange: (step: Preparation) => void
  readonly onRemove: () => void
}

function OneStep({ step, columns, fault, onChange, onRemove }: OneStepProps) {
  const { t } = useTranslation('exchange.plans')
  const set = (part: string, value: unknown) => {
    const { [part]: _, ...rest } = step
    onChange((value === undefined ? rest : { ...step, [part]: value }) as Preparation)
  }
  const text = (part: string) => (typeof step[part] === 'string' ? String(step[part]) : '')
  const number = (part: 'min' | 'max') => (typeof step[part] === 'number' ? Number(step[part]) : '')
  return (
    <Paper withBorder p="sm">
      <Group align="flex-end" gap="sm">
        <Text fw={600} w="100%">
          {t(`prepare.do.${step.do}`)}
        </Text>
        <Select
          label={t('condition.column')}
          data={[...new Set([...columns, step.column])]}
          value={step.column}
          searchable
          allowDeselect={false}
          onChange={(column) => column !== null && set('column', column)}
        />
        {step.do === 'require' ? (
          <Select
            label={t('prepare.rule')}
            data={rules.map((value) => ({ value, label: t(`prepare.rules.${value}`) }))}
            value={text('rule')}
            allowDeselect={false}
            onChange={(value) => set('rule', value)}
          />
        ) : null}
        {step.do === 'range'
          ? (['min', 'max'] as const).map((part) => (
              <NumberInput
                key={part}
                label={t(`prepare.${part}`)}
                w={110}
                value={number(part)}
                onChange={(value) => set(part, typeof value === 'number' ? value : undefined)}
              />
            ))
          : null}
        {step.do === 'rename' ? <TextInput label={t('prepare.to')} value={text('to')} onChange={(event) => set('to', event.currentTarget.value)} /> : null}
        {step.do === 'convert'
          ? (['from', 'to'] as const).map((part) => (
              <TextInput
                key={part}
                label={t(part === 'from' ? 'prepare.unitFrom' : 'prepare.unitTo')}
                w={120}
                value={text(part)}
                onChange={(event) => set(part, event.currentTarget.value)}
              />
            ))
          : null}
        {step.do === 'normalise' ? (
          <Select
            label={t('linkage.form')}
            data={linkForms.map((value) => ({ value, label: t(`linkForm.${value}`) }))}
            value={text('form')}
            allowDeselect={false}
            onChange={(value) => set('form', value)}
          />
        ) : null}
        {step.do === 'code' ? <CodeList list={step.list} onChange={(list) => set('list', list)} /> : null}
        {step.do === 'require' || step.do === 'range' || step.do === 'code' ? (
          <Select
            label={t('prepare.otherwise')}
            data={outcomes[step.do].map((value) => ({ value, label: t(`prepare.outcome.${value}`) }))}
            value={text('otherwise')}
            allowDeselect={false}
            onChange={(value) => set('otherwise', value)}
          />
        ) : null}
        <ActionIcon variant="default" size="lg" onClick={onRemove} aria-label={t('prepare.remove', { column: step.column })}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      {fault === undefined ? null : (
        <Text c="var(--mantine-color-error)" size="sm" role="alert" mt="xs">
          {fault}
        </Text>
      )}
    </Paper>
  )
}

/** A pair a line, as `M = male`. */
function CodeList({ list, onChange }: { readonly list: unknown; readonly onChange: (list: Readonly<Record<string, string>>) => void }) {
  const { t } = useTranslation('exchange.plans')
  const [text, setText] = useState(() =>
    Object.entries(typeof list === 'object' && list !== null ? list : {})
      .map(([from, to]) => `${from} = ${String(to)}`)
      .join('\n'),
  )
  return (
    <Textarea
      label={t('prepare.list')}
      description={t('prepare.listHint')}
      autosize
      minRows={2}
      maxRows={8}
      value={text}
      onChange={(event) => {
        const written = event.currentTarget.value
        setText(written)
        onChange(
          Object.fromEntries(
            written
              .split('\n')
              .map((line) => line.split('=').map((part) => part.trim()))
              .filter(([from, to]) => from !== undefined && from !== '' && to !== undefined),
          ) as Record<string, string>,
        )
      }}
    />
  )
}
