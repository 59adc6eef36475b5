import { Alert, Checkbox, NativeSelect, Radio, Table, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { meaning } from '../../../theme.ts'
import type { ColumnDraft, ColumnFault, Draft, FieldType, Semantic, Sensitivity } from './draft.ts'
import { fieldTypes, semantics, sensitivities } from './field-words.ts'

interface MappingTableProps {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly faults: readonly ColumnFault[]
}

/** What each column of the file becomes: a row per column, with whatever the node refused at the column it speaks of. */
export function MappingTable({ draft, onChange, faults }: MappingTableProps) {
  const { t } = useTranslation('custody.imports')
  const change = (column: string, part: Partial<ColumnDraft>) =>
    onChange({ ...draft, columns: draft.columns.map((row) => (row.column === column ? { ...row, ...part } : row)) })
  return (
    <Table.ScrollContainer minWidth={680} type="native">
      <Table className="mapping" aria-label={t('mapping.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('mapping.column')}</Table.Th>
            <Table.Th scope="col">{t('mapping.subject')}</Table.Th>
            <Table.Th scope="col">{t('mapping.keep')}</Table.Th>
            <Table.Th scope="col">{t('mapping.field')}</Table.Th>
            <Table.Th scope="col">{t('mapping.meaning')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {draft.columns.map((row) => (
            <ColumnRow
              key={row.column}
              row={row}
              subject={draft.subject === row.column}
              faults={faults.filter(({ column }) => column === row.column)}
              onSubject={() => onChange({ ...draft, subject: row.column })}
              onChange={(part) => change(row.column, part)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

interface ColumnRowProps {
  readonly row: ColumnDraft
  readonly subject: boolean
  readonly faults: readonly ColumnFault[]
  readonly onSubject: () => void
  readonly onChange: (part: Partial<ColumnDraft>) => void
}

function ColumnRow({ row: { column, kept, field, reason }, subject, faults, onSubject, onChange }: ColumnRowProps) {
  const { t } = useTranslation('custody.imports')
  const named = (what: string) => `${what}: ${column}`
  const faultOf = (member: string) => faults.find((fault) => fault.member === member)?.detail
  const elsewhere = faults.filter(({ member }) => !['name', 'type', 'semantic', 'sensitivity'].includes(member ?? ''))
  const changeField = (part: object) => onChange({ field: { ...field, ...part } })
  return (
    <Table.Tr data-fault={faults.length > 0}>
      <Table.Th scope="row">
        {column}
        {reason === undefined ? null : (
          <Text size="xs" c="dimmed" fw={400} maw={240}>
            {reason}
          </Text>
        )}
        {elsewhere.map(({ detail }) => (
          <Alert key={detail} role="alert" color={meaning.deny} p={4} mt={4}>
            {detail}
          </Alert>
        ))}
      </Table.Th>
      <Table.Td>
        <Radio name="subject" checked={subject} onChange={onSubject} aria-label={named(t('mapping.subject'))} />
      </Table.Td>
      <Table.Td>
        <Checkbox checked={kept} onChange={(event) => onChange({ kept: event.currentTarget.checked })} aria-label={named(t('mapping.keep'))} />
      </Table.Td>
      <Table.Td>
        <TextInput
          size="xs"
          w={180}
          value={field.name ?? ''}
          disabled={!kept}
          error={faultOf('name')}
          onChange={(event) => changeField({ name: event.currentTarget.value })}
          aria-label={named(t('mapping.name'))}
        />
        <NativeSelect
          size="xs"
          w={180}
          mt={4}
          value={field.type ?? 'string'}
          disabled={!kept}
          error={faultOf('type')}
          onChange={(event) => {
            const { date_order, ...rest } = field
            const type = event.currentTarget.value as FieldType
            // Only a date has an order of day and month.
            onChange({ field: { ...rest, type, ...(type === 'date' && date_order !== undefined ? { date_order } : {}) } })
          }}
          data={fieldTypes.map((value) => ({ value, label: t(`type.${value}`) }))}
          aria-label={named(t('mapping.type'))}
        />
      </Table.Td>
      <Table.Td>
        <NativeSelect
          size="xs"
          w={190}
          value={field.semantic ?? ''}
          disabled={!kept}
          error={faultOf('semantic')}
          onChange={(event) => {
            const { semantic: _, ...rest } = field
            const value = event.currentTarget.value
            onChange({ field: value === '' ? rest : { ...rest, semantic: value as Semantic } })
          }}
          data={[{ value: '', label: t('mapping.noSemantic') }, ...semantics.map((value) => ({ value, label: t(`semantic.${value}`) }))]}
          aria-label={named(t('mapping.semantic'))}
        />
        <NativeSelect
          size="xs"
          w={190}
          mt={4}
          value={field.sensitivity ?? 'sensitive'}
          disabled={!kept}
          error={faultOf('sensitivity')}
          onChange={(event) => changeField({ sensitivity: event.currentTarget.value as Sensitivity })}
          data={sensitivities.map((value) => ({ value, label: t(`sensitivity.${value}`) }))}
          aria-label={named(t('mapping.sensitivity'))}
        />
      </Table.Td>
    </Table.Tr>
  )
}
