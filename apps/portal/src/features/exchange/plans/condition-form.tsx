import { ActionIcon, Button, Group, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { JsonEditor } from '../../../ui/json/json-editor.tsx'
import { written } from '../../../ui/json/use-document.ts'
import { fromLines, type Line, type Lines, linesOf, type Predicate, tests } from './predicate.ts'

interface ConditionFormProps {
  readonly label: string
  readonly predicate: Predicate | undefined
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly fault: string | undefined
  readonly onChange: (predicate: Predicate | undefined) => void
}

/** Which rows are meant, as sentences. What is nested deeper than these can say is edited as JSON. */
export function ConditionForm({ label, predicate, columns, fault, onChange }: ConditionFormProps) {
  const { t } = useTranslation('exchange.plans')
  const lines = linesOf(predicate)
  if (lines === undefined) return <NestedCondition label={label} predicate={predicate} onChange={onChange} />
  const isNumber = (name: string) => ['integer', 'number'].includes(columns.find((column) => column.name === name)?.type ?? '')
  const set = (next: Lines) => onChange(fromLines(next, isNumber))
  const setLine = (at: number, part: Partial<Line>) => set({ ...lines, lines: lines.lines.map((line, index) => (index === at ? { ...line, ...part } : line)) })
  return (
    <Stack gap="sm" role="group" aria-label={label}>
      {lines.lines.length < 2 ? null : (
        <SegmentedControl
          aria-label={t('condition.join')}
          value={lines.join}
          onChange={(value) => set({ ...lines, join: value === 'any' ? 'any' : 'all' })}
          data={[
            { value: 'all', label: t('condition.all') },
            { value: 'any', label: t('condition.any') },
          ]}
        />
      )}
      {lines.lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own
        <Group key={at} align="flex-end" gap="xs" className="plan-line">
          <Select
            label={t('condition.column')}
            data={[...new Set([...columns.map(({ name }) => name), line.column])]}
            value={line.column}
            searchable
            allowDeselect={false}
            onChange={(column) => column !== null && setLine(at, { column })}
          />
          <Select
            label={t('condition.test')}
            data={tests.map((test) => ({ value: test, label: t(`condition.tests.${test}`) }))}
            value={line.test}
            allowDeselect={false}
            onChange={(test) => setLine(at, { test: tests.find((one) => one === test) ?? line.test })}
          />
          {line.test === 'missing' || line.test === 'present' ? null : line.test === 'in' ? (
            <Textarea
              label={t('condition.values')}
              autosize
              minRows={1}
              maxRows={6}
              value={line.value}
              onChange={(event) => setLine(at, { value: event.currentTarget.value })}
            />
          ) : (
            <TextInput label={t('condition.value')} value={line.value} onChange={(event) => setLine(at, { value: event.currentTarget.value })} />
          )}
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={t('condition.remove', { column: line.column })}
            onClick={() => set({ ...lines, lines: lines.lines.filter((_, index) => index !== at) })}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {fault === undefined ? null : (
        <Text c="var(--mantine-color-error)" size="sm" role="alert">
          {fault}
        </Text>
      )}
      <div>
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={columns.length === 0}
          onClick={() => set({ ...lines, lines: [...lines.lines, { column: columns[0]?.name ?? '', test: 'present', value: '' }] })}
        >
          {t('condition.add')}
        </Button>
      </div>
    </Stack>
  )
}

function NestedCondition({ label, predicate, onChange }: Pick<ConditionFormProps, 'label' | 'predicate' | 'onChange'>) {
  const { t } = useTranslation('exchange.plans')
  const [text, setText] = useState(() => written(predicate))
  return (
    <Stack gap="xs">
      <Text size="sm">{t('condition.nested')}</Text>
      <JsonEditor
        label={label}
        text={text}
        rows={10}
        onChange={(next, reading) => {
          setText(next)
          if (reading.ok) onChange(reading.value as Predicate)
        }}
      />
    </Stack>
  )
}
