import { Autocomplete, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCan } from '../../../session.ts'
import { recordTypesQuery } from '../../custody/record-types/queries.ts'
import type { Source } from './queries.ts'

export type ThingKind = Source['kind']
const kinds: readonly ThingKind[] = ['record_type', 'document', 'table', 'other']

interface ThingFieldsProps {
  readonly kind: ThingKind
  readonly onKind: (kind: ThingKind) => void
  readonly reference: string
  readonly onReference: (reference: string) => void
  /** In the words of the page that asks. */
  readonly words: { readonly kindLabel: string; readonly kind: (kind: ThingKind) => string; readonly reference: string; readonly hint?: string }
}

/** Something that is kept, as projects work with it and data holders answer for it. Record types are offered to whoever may know them. */
export function ThingFields({ kind, onKind, reference, onReference, words }: ThingFieldsProps) {
  const can = useCan()
  const { data: types } = useQuery({ ...recordTypesQuery, enabled: can('read', 'record_type') })
  return (
    <>
      <Select
        label={words.kindLabel}
        allowDeselect={false}
        data={kinds.map((value) => ({ value, label: words.kind(value) }))}
        value={kind}
        onChange={(next) => onKind(kinds.find((one) => one === next) ?? kind)}
      />
      <Autocomplete
        label={words.reference}
        description={words.hint}
        required
        maxLength={128}
        spellCheck={false}
        data={kind === 'record_type' ? [...new Set((types ?? []).map(({ record_type }) => record_type))] : []}
        value={reference}
        onChange={onReference}
      />
    </>
  )
}
