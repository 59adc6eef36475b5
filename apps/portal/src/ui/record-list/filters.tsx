import { Button, Group, Select, TextInput } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { IconFilter } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FilterValues, ListFilter } from './columns.ts'

/** More choices than this are found by typing. */
const searchableFrom = 12
/** More filters than this are folded on a phone. */
const foldedFrom = 4

interface FiltersProps {
  readonly filters: readonly ListFilter[]
  readonly values: FilterValues
  readonly onChange: (name: string, value: string | null) => void
  readonly onClear: () => void
}

export function Filters({ filters, values, onChange, onClear }: FiltersProps) {
  const { t } = useTranslation()
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const [opened, { toggle }] = useDisclosure()
  const set = Object.keys(values).length
  // On a phone they would stand before the list like a form to be filled in.
  const folded = phone && filters.length > foldedFrom
  return (
    <Group gap="xs" align="flex-end">
      {folded ? (
        <Button variant="default" leftSection={<IconFilter size={16} aria-hidden />} onClick={toggle} aria-expanded={opened}>
          {t('list.filters')}
          {set === 0 ? '' : ` (${String(set)})`}
        </Button>
      ) : null}
      {(folded && !opened ? [] : filters).map((filter) => (
        <Filter key={filter.name} filter={filter} value={values[filter.name] ?? ''} onChange={(value) => onChange(filter.name, value)} />
      ))}
      {set === 0 ? null : (
        <Button variant="subtle" color="gray" size="sm" onClick={onClear}>
          {t('list.clear')}
        </Button>
      )}
    </Group>
  )
}

function Filter({ filter, value, onChange }: { readonly filter: ListFilter; readonly value: string; readonly onChange: (value: string | null) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  if (filter.kind === 'choice') {
    return (
      <Select
        label={filter.label}
        size="sm"
        w={180}
        clearable
        searchable={filter.options.length > searchableFrom}
        nothingFoundMessage={t('list.nothing')}
        clearButtonProps={{ 'aria-label': t('list.clear') }}
        placeholder={t('list.all')}
        data={[...filter.options]}
        value={value === '' ? null : value}
        onChange={onChange}
      />
    )
  }
  if (filter.kind === 'day') {
    return <TextInput label={filter.label} size="sm" w={160} type="date" value={value} onChange={(event) => onChange(event.currentTarget.value || null)} />
  }
  const send = () => {
    if (typed !== value) onChange(typed.trim() || null)
  }
  return (
    <TextInput
      label={filter.label}
      size="sm"
      w={200}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={send}
      onKeyDown={(event) => {
        if (event.key === 'Enter') send()
      }}
    />
  )
}
