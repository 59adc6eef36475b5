import { Button, Fieldset, Group, NumberInput, Paper, Radio, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { faultsAt } from '../../../ui/json/document.ts'
import { ConditionForm } from './condition-form.tsx'
import type { FormProps } from './form.ts'
import { addSource, forms, freeName, type Plan, removeSource, withForm } from './plan.ts'

/** Which tables are read, which rows of them, and what the result may tell of people. */
export function SourcesStep(props: FormProps) {
  const { t } = useTranslation('exchange.plans')
  const { plan, become, offered } = props
  const [adding, setAdding] = useState<string | null>(null)
  return (
    <Stack gap="lg">
      <Radio.Group
        label={t('form.label')}
        description={t('form.about')}
        value={plan.form}
        onChange={(value) => become(withForm(plan, forms.find((form) => form === value) ?? plan.form))}
      >
        <Stack gap="xs" mt="xs">
          {forms.map((form) => (
            <Radio key={form} value={form} label={t(`form.${form}.name`)} description={t(`form.${form}.about`)} />
          ))}
        </Stack>
      </Radio.Group>
      <Title order={3}>{t('sources.title')}</Title>
      {plan.sources.length === 0 ? <Text c="dimmed">{t('sources.none')}</Text> : null}
      {plan.sources.map((source, at) => (
        <SourceCard key={source.table} {...props} at={at} />
      ))}
      <Group align="flex-end">
        <Select
          label={t('sources.table')}
          description={offered.length === 0 ? t('sources.noneOffered') : t('sources.tableHint')}
          searchable
          data={offered.map(({ reference, title }) => ({ value: reference, label: title === reference ? reference : `${title} (${reference})` }))}
          value={adding}
          onChange={setAdding}
          flex="1 1 16rem"
        />
        <Button
          disabled={adding === null}
          onClick={() => {
            if (adding !== null) become(addSource(plan, adding))
            setAdding(null)
          }}
        >
          {t('sources.add')}
        </Button>
      </Group>
    </Stack>
  )
}

function SourceCard({ plan, faults, change, become, tableOf, at }: FormProps & { readonly at: number }) {
  const { t } = useTranslation('exchange.plans')
  const source = plan.sources[at]
  const [name, setName] = useState(source?.as ?? '')
  if (source === undefined) return null
  const known = tableOf(source.table)
  return (
    <Paper component="article" withBorder p="md" aria-label={source.table}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={4}>{known?.title ?? source.table}</Title>
          <Button
            variant="default"
            size="compact-md"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={() => become(removeSource(plan, source.as))}
            aria-label={t('sources.remove', { table: source.table })}
          >
            {t('remove')}
          </Button>
        </Group>
        <Group align="flex-start">
          <TextInput
            label={t('sources.as')}
            description={t('sources.asHint')}
            value={name}
            maxLength={63}
            error={faultsAt(faults, ['sources', at, 'as'])}
            onChange={(event) => setName(event.currentTarget.value)}
            onBlur={() =>
              become(
                renameSource(
                  plan,
                  source.as,
                  freeName(
                    name,
                    plan.sources.map(({ as }) => as).filter((as) => as !== source.as),
                  ),
                  setName,
                ),
              )
            }
          />
          <NumberInput
            label={t('sources.rowsMax')}
            description={t('sources.rowsMaxHint')}
            min={1}
            max={100_000_000}
            thousandSeparator
            value={source.rows_max ?? 10_000_000}
            error={faultsAt(faults, ['sources', at, 'rows_max'])}
            onChange={(value) => change(['sources', at, 'rows_max'], typeof value === 'number' ? value : undefined)}
          />
        </Group>
        {faultsAt(faults, ['sources', at, 'table']) === undefined ? null : (
          <Text c="var(--mantine-color-error)" size="sm" role="alert">
            {faultsAt(faults, ['sources', at, 'table'])}
          </Text>
        )}
        <Fieldset legend={t('sources.where')}>
          <ConditionForm
            label={t('sources.where')}
            predicate={source.where}
            columns={known?.columns ?? []}
            fault={faultsAt(faults, ['sources', at, 'where'])}
            onChange={(where) => change(['sources', at, 'where'], where)}
          />
        </Fieldset>
      </Stack>
    </Paper>
  )
}

/** Another name for a source wherever the plan speaks of it. */
function renameSource(plan: Plan, from: string, to: string, shown: (name: string) => void): Plan {
  shown(to)
  if (from === to) return plan
  const keys = <T,>(members: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(members).map(([key, value]) => [key === from ? to : key, value]))
  return {
    ...plan,
    sources: plan.sources.map((source) => (source.as === from ? { ...source, as: to } : source)),
    elements: plan.elements.map((element) => (element.source === from ? { ...element, source: to } : element)),
    ...(plan.prepare === undefined ? {} : { prepare: keys(plan.prepare) }),
    ...(plan.linkage === undefined ? {} : { linkage: { ...plan.linkage, keys: plan.linkage.keys.map((key) => ({ ...key, columns: keys(key.columns) })) } }),
  }
}
