import { Autocomplete, MultiSelect, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { faultsAt, type Path } from '../../../ui/json/document.ts'
import { purposesQuery } from '../purposes/queries.ts'
import { type FormProps, orNothing, type RuleFormProps } from './form.ts'
import { receiversQuery, recordTypesQuery, vocabularyQuery } from './queries.ts'

/** The policy's own members: what it is called and who receives. */
export function PolicyForm({ policy, faults, change }: FormProps) {
  const { t } = useTranslation('governance.policies')
  const partners = useQuery(receiversQuery)
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput
        label={t('name')}
        value={policy.title}
        onChange={(event) => change(['title'], event.currentTarget.value)}
        error={faultsAt(faults, ['title'])}
        maxLength={200}
      />
      <Autocomplete
        label={t('assignee')}
        data={['*', ...(partners.data?.map(({ reference }) => reference) ?? [])]}
        value={policy.assignee}
        onChange={(value) => change(['assignee'], value)}
        error={faultsAt(faults, ['assignee'])}
      />
    </SimpleGrid>
  )
}

/** What a permission is for: the act, the records, the purposes and what it rests on. */
export function WhoForm({ policy, at, faults, change }: RuleFormProps) {
  const { t } = useTranslation('governance.policies')
  const vocabulary = useQuery(vocabularyQuery)
  const types = useQuery(recordTypesQuery)
  const purposes = usePurposeChoices()
  const rule = policy.permission[at]
  if (rule === undefined) return null
  const place = (...path: Path): Path => ['permission', at, ...path]
  const rests = vocabulary.data?.legal_bases.find(({ basis }) => basis === rule.legal_basis.basis)
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t('ruleTitle')}
          value={rule.title ?? ''}
          onChange={(event) => change(place('title'), orNothing(event.currentTarget.value))}
          error={faultsAt(faults, place('title'))}
          maxLength={200}
        />
        <TextInput
          label={t('ruleUid')}
          value={rule.uid}
          onChange={(event) => change(place('uid'), event.currentTarget.value)}
          error={faultsAt(faults, place('uid'))}
        />
        <Select
          label={t('action')}
          data={vocabulary.data?.actions.map(({ action }) => ({ value: action, label: t(`act.${action}`, action) })) ?? []}
          value={rule.action}
          onChange={(value) => change(place('action'), value ?? rule.action)}
          error={faultsAt(faults, place('action'))}
          allowDeselect={false}
        />
        <Autocomplete
          label={t('recordType')}
          data={types.data?.map(({ record_type }) => record_type) ?? []}
          value={rule.target}
          onChange={(value) => change(place('target'), value)}
          error={faultsAt(faults, place('target'))}
        />
      </SimpleGrid>
      <MultiSelect
        label={t('purposes')}
        description={t('purposesHint')}
        data={purposes(rule.purpose)}
        value={[...rule.purpose]}
        onChange={(terms) => change(place('purpose'), terms)}
        error={faultsAt(faults, place('purpose'))}
        searchable
        limit={200}
      />
      <Select
        label={t('basis')}
        description={rests === undefined ? undefined : t(rests.consent ? 'basisAsks' : 'basisDoesNotAsk')}
        data={vocabulary.data?.legal_bases.map(({ basis, label }) => ({ value: basis, label })) ?? []}
        value={rule.legal_basis.basis}
        onChange={(value) => change(place('legal_basis', 'basis'), value ?? rule.legal_basis.basis)}
        error={faultsAt(faults, place('legal_basis', 'basis'))}
        allowDeselect={false}
        searchable
      />
      <TextInput
        label={t('law')}
        description={t('lawHint')}
        value={rule.legal_basis.law ?? ''}
        onChange={(event) => change(place('legal_basis', 'law'), orNothing(event.currentTarget.value))}
        error={faultsAt(faults, place('legal_basis', 'law'))}
        maxLength={500}
      />
    </Stack>
  )
}

/** Every purpose by its label, and whatever is chosen although the tree does not know it. */
export function usePurposeChoices(): (chosen: readonly string[]) => { value: string; label: string }[] {
  const { data = [] } = useQuery(purposesQuery)
  const known = new Set(data.map(({ term }) => term))
  const choices = data.map(({ term, label }) => ({ value: term, label: `${label} (${term})` }))
  return (chosen) => [...choices, ...chosen.filter((term) => !known.has(term)).map((term) => ({ value: term, label: term }))]
}
