import { Checkbox, Group, Input, MultiSelect, Select, Slider, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { faultsAt } from '../../../ui/json/document.ts'
import { useSemanticName, useTypeName } from '../../custody/imports/column-words.ts'
import type { FormProps } from './form.ts'
import { begun, dateSpans, exampleOf, type HierarchyKind, hierarchyKinds, numbersOf } from './hierarchy.ts'
import {
  addElement,
  barsColumn,
  type Element,
  freeName,
  type Hierarchy,
  type KnownColumn,
  reductions,
  removeElement,
  renameElement,
  roles,
  withRole,
} from './plan.ts'

/** Which columns come into the result, as what, and how dear each is. */
export function ElementsStep(props: FormProps) {
  const { t } = useTranslation('exchange.plans')
  const { plan, tableOf } = props
  if (plan.sources.length === 0) return <Text c="dimmed">{t('elements.noSources')}</Text>
  return (
    <Stack gap="lg">
      <Text maw={720}>{t('elements.about')}</Text>
      {faultsAt(props.faults, ['elements']) !== undefined && plan.elements.length === 0 ? (
        <Text c="var(--mantine-color-error)" role="alert">
          {t('elements.none')}
        </Text>
      ) : null}
      {plan.sources.map(({ as, table }) => {
        const known = tableOf(table)
        return (
          <section key={as} aria-label={as}>
            <Title order={3} mb="xs">
              {as}
            </Title>
            {known === undefined ? <Text c="dimmed">{t('elements.unknown')}</Text> : null}
            {known?.columns.map((column) => (
              <ColumnRow key={column.name} {...props} source={as} column={column} />
            ))}
          </section>
        )
      })}
    </Stack>
  )
}

function ColumnRow(props: FormProps & { readonly source: string; readonly column: KnownColumn }) {
  const { t } = useTranslation('exchange.plans')
  const [semanticName, typeName] = [useSemanticName(), useTypeName()]
  const { plan, become, source, column } = props
  const at = plan.elements.findIndex((element) => element.source === source && element.column === column.name)
  const element = plan.elements[at]
  const barred = element === undefined && barsColumn(plan, column)
  const facts = [typeName(column.type), column.semantic === null ? null : semanticName(column.semantic), t(`identifierRole.${column.identifier_role}`)]
    .filter((part) => part !== null)
    .join(' · ')
  return (
    <div className="plan-row">
      <Checkbox
        checked={element !== undefined}
        label={column.name}
        disabled={barred}
        description={barred ? `${facts} – ${t('elements.barred')}` : facts}
        onChange={() => become(element === undefined ? addElement(plan, source, column) : removeElement(plan, element.name))}
      />
      {element === undefined ? null : <ElementFields {...props} at={at} element={element} />}
    </div>
  )
}

function ElementFields({
  plan,
  faults,
  change,
  become,
  at,
  element,
  column,
}: FormProps & { readonly at: number; readonly element: Element; readonly column: KnownColumn }) {
  const { t } = useTranslation('exchange.plans')
  const format = useFormat()
  const [name, setName] = useState(element.name)
  const set = (part: string) => (value: unknown) => change(['elements', at, part], value)
  const fault = (part: string) => faultsAt(faults, ['elements', at, part])
  return (
    <Stack gap="sm" ps="xl" pt="xs">
      <Group align="flex-start" gap="md">
        <TextInput
          label={t('elements.name')}
          value={name}
          maxLength={63}
          error={fault('name')}
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={() => {
            const to = freeName(
              name,
              plan.elements.map((one) => one.name).filter((one) => one !== element.name),
            )
            setName(to)
            if (to !== element.name) become(renameElement(plan, element.name, to))
          }}
        />
        <Select
          label={t('elements.role')}
          description={t(`role.${element.role}.about`)}
          maw={320}
          data={roles.map((role) => ({ value: role, label: t(`role.${role}.name`) }))}
          value={element.role}
          allowDeselect={false}
          error={fault('role')}
          onChange={(value) => change(['elements', at], withRole(element, roles.find((role) => role === value) ?? element.role, column))}
        />
        {plan.linkage === undefined ? null : (
          <Select
            label={t('elements.reduce')}
            data={reductions.map((value) => ({ value, label: t(`reduce.${value}`) }))}
            value={element.reduce ?? 'first'}
            allowDeselect={false}
            error={fault('reduce')}
            onChange={set('reduce')}
          />
        )}
      </Group>
      {element.role === 'quasi' ? (
        <Input.Wrapper label={t('elements.weight', { weight: format.number(element.weight ?? 0.5) })} description={t('elements.weightHint')} maw={420}>
          <Slider
            mt="xs"
            mb="lg"
            min={0}
            max={1}
            step={0.05}
            value={element.weight ?? 0.5}
            thumbLabel={t('elements.weightOf', { name: element.name })}
            label={(value) => format.number(value)}
            marks={[
              { value: 0, label: t('elements.cheap') },
              { value: 1, label: t('elements.dear') },
            ]}
            onChange={set('weight')}
          />
        </Input.Wrapper>
      ) : null}
      {element.role === 'quasi' ? (
        <HierarchyFields name={element.name} hierarchy={element.hierarchy} fault={fault('hierarchy')} onChange={set('hierarchy')} />
      ) : null}
    </Stack>
  )
}

interface HierarchyFieldsProps {
  readonly name: string
  readonly hierarchy: Hierarchy | undefined
  readonly fault: string | undefined
  readonly onChange: (hierarchy: Hierarchy | undefined) => void
}

/** How values are coarsened, with what becomes of one of them. */
function HierarchyFields({ name, hierarchy, fault, onChange }: HierarchyFieldsProps) {
  const { t } = useTranslation('exchange.plans')
  const kind = hierarchyKinds.find((one) => one === hierarchy?.kind)
  const example = hierarchy === undefined ? [] : exampleOf(hierarchy)
  return (
    <Stack gap="xs">
      <Group align="flex-start" gap="md">
        <Select
          label={t('hierarchy.label', { name })}
          data={[
            { value: 'none', label: t('hierarchy.none') },
            ...hierarchyKinds.map((value) => ({ value: value as string, label: t(`hierarchy.${value}`) })),
            ...(hierarchy !== undefined && kind === undefined ? [{ value: hierarchy.kind, label: t('hierarchy.other') }] : []),
          ]}
          value={hierarchy?.kind ?? 'none'}
          allowDeselect={false}
          error={fault}
          onChange={(value) => onChange(value !== null && value in begun ? begun[value as HierarchyKind] : undefined)}
        />
        {kind === 'interval' || kind === 'order' ? (
          <Steps
            key={kind}
            label={t(kind === 'interval' ? 'hierarchy.widths' : 'hierarchy.fanouts')}
            values={kind === 'interval' ? hierarchy?.widths : hierarchy?.fanouts}
            onChange={(values) => onChange({ ...hierarchy, kind, [kind === 'interval' ? 'widths' : 'fanouts']: values })}
          />
        ) : null}
        {kind === 'date' ? (
          <MultiSelect
            label={t('hierarchy.spans')}
            data={dateSpans.map((value) => ({ value, label: t(`hierarchy.span.${value}`) }))}
            value={Array.isArray(hierarchy?.spans) ? hierarchy.spans.filter((one) => typeof one === 'string') : []}
            onChange={(spans) => onChange({ kind, spans: dateSpans.filter((span) => spans.includes(span)) })}
          />
        ) : null}
        {kind === 'mask' ? (
          <Select
            label={t('hierarchy.from')}
            data={[
              { value: 'right', label: t('hierarchy.right') },
              { value: 'left', label: t('hierarchy.left') },
            ]}
            value={hierarchy?.from === 'left' ? 'left' : 'right'}
            allowDeselect={false}
            onChange={(from) => onChange({ ...hierarchy, kind, from })}
          />
        ) : null}
      </Group>
      {example.length === 0 ? null : (
        <Text size="sm" c="dimmed">
          {t('hierarchy.example')} {example.join(' → ')}
        </Text>
      )}
    </Stack>
  )
}

function Steps({ label, values, onChange }: { readonly label: string; readonly values: unknown; readonly onChange: (values: number[]) => void }) {
  const [text, setText] = useState(Array.isArray(values) ? values.join(', ') : '')
  return (
    <TextInput
      label={label}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        const numbers = numbersOf(event.currentTarget.value)
        if (numbers.length > 0) onChange(numbers)
      }}
    />
  )
}
