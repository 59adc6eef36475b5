import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import type { ListFilter } from '../../../ui/record-list/columns.ts'
import { purposeTerms } from './queries.ts'

const decisions = ['permit', 'deny', 'pending', 'error'] as const

/** A choice by its words; what nobody has words for cannot be chosen, but stands in the address of a link all the same. */
const sorted = (options: { value: string; label: string }[]) => options.sort((a, b) => a.label.localeCompare(b.label))

/** @param names of partners, by id */
export function useAuditFilters(names: ReadonlyMap<string, string>): readonly ListFilter[] {
  const { t, i18n } = useTranslation('ledger.audit')
  const can = useCan()
  const { data: purposes } = useQuery({ ...purposeTerms, enabled: can('read', 'purpose') })
  return useMemo((): ListFilter[] => {
    const words = i18n.getResourceBundle(i18n.language, 'translation') as { entry: Record<string, string>; object: Record<string, string> }
    const partner = { name: 'partner', label: t('partner') }
    const purpose = { name: 'purpose', label: t('purpose') }
    return [
      {
        kind: 'choice',
        name: 'type',
        label: t('what'),
        options: sorted(Object.entries(words.entry).map(([key, label]) => ({ value: key.replaceAll('-', '.'), label }))),
      },
      { kind: 'choice', name: 'decision', label: t('decisionLabel'), options: decisions.map((value) => ({ value, label: t(`decision.${value}`) })) },
      names.size === 0 ? { kind: 'text', ...partner } : { kind: 'choice', ...partner, options: sorted([...names].map(([value, label]) => ({ value, label }))) },
      purposes === undefined
        ? { kind: 'text', ...purpose }
        : { kind: 'choice', ...purpose, options: sorted(purposes.data.map(({ term, label }) => ({ value: term, label: `${label} (${term})` }))) },
      { kind: 'text', name: 'actor', label: t('filter.actor') },
      {
        kind: 'choice',
        name: 'object_kind',
        label: t('filter.objectKind'),
        options: sorted(Object.entries(words.object).map(([value, label]) => ({ value, label }))),
      },
      { kind: 'text', name: 'object_id', label: t('filter.objectId') },
      { kind: 'day', name: 'since', label: t('filter.since') },
      { kind: 'day', name: 'until', label: t('filter.until') },
    ]
  }, [t, i18n, names, purposes])
}
