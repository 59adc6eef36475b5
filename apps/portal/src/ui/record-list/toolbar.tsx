import { Button, Group, Menu, TextInput } from '@mantine/core'
import { IconColumns3, IconDownload, IconSearch } from '@tabler/icons-react'
import type { ReactNode, RefObject } from 'react'
import { useTranslation } from 'react-i18next'

interface ToolbarProps {
  readonly search: string
  readonly onSearch: (search: string) => void
  readonly searchField: RefObject<HTMLInputElement | null>
  readonly columns: readonly { readonly name: string; readonly label: string; readonly shown: boolean }[]
  readonly onColumns: (names: readonly string[]) => void
  readonly dense: boolean
  readonly onDense: (dense: boolean) => void
  readonly exporting: boolean
  /** Absent where nothing is exported from here. */
  readonly onExport: ((format: 'csv' | 'ndjson') => void) | undefined
  readonly children?: ReactNode
}

export function Toolbar({ search, onSearch, searchField, columns, onColumns, dense, onDense, exporting, onExport, children }: ToolbarProps) {
  const { t } = useTranslation()
  const shown = columns.filter((column) => column.shown).map(({ name }) => name)
  return (
    <Group gap="xs" align="flex-end" justify="space-between">
      <TextInput
        ref={searchField}
        type="search"
        aria-label={t('list.search')}
        placeholder={t('list.search')}
        aria-keyshortcuts="/"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
        w={{ base: '100%', xs: 260 }}
      />
      <Group gap="xs">
        {children}
        <Menu position="bottom-end" closeOnItemClick={false} withinPortal={false} withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
              {t('list.columns')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t('list.columns')}</Menu.Label>
            {columns.map(({ name, label, shown: on }) => (
              <Menu.CheckboxItem
                key={name}
                checked={on}
                disabled={on && shown.length === 1}
                onChange={(checked) => onColumns(columns.filter((column) => (column.name === name ? checked : column.shown)).map((column) => column.name))}
              >
                {label}
              </Menu.CheckboxItem>
            ))}
            <Menu.Divider />
            <Menu.CheckboxItem checked={dense} onChange={onDense}>
              {t('list.dense')}
            </Menu.CheckboxItem>
          </Menu.Dropdown>
        </Menu>
        {onExport === undefined ? null : (
          <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
            <Menu.Target>
              <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={exporting}>
                {t('list.export')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => onExport('csv')}>CSV</Menu.Item>
              <Menu.Item onClick={() => onExport('ndjson')}>NDJSON</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </Group>
  )
}
