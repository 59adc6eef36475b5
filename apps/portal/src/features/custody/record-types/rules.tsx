/** How long records of each type are kept: the rules, what the next night would do, and a rule tried before it is set. */
import { Alert, Button, Group, NumberInput, Select, Stack, Table, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { queryClient, useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { say } from '../../../ui/notices.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { WideTable } from '../../../ui/wide-table.tsx'
import { actions, everyType, type Foreseen, foresee, origins, type Rule, type RuleTerms, removeRule, rulesKey, rulesQuery, setRule } from './rules-queries.ts'

export function RetentionRules({ types }: { readonly types: readonly string[] }) {
  const { t } = useTranslation('custody.record-types')
  const can = useCan()
  useLive(['retention.set_rule', 'retention.remove_rule'], rulesKey)
  const rules = useQuery(rulesQuery)
  if (!can('read', 'retention_rule')) return null
  return (
    <Stack component="section" gap="sm" aria-labelledby="rules">
      <Group justify="space-between">
        <Title order={2} id="rules">
          {t('rules.title')}
        </Title>
        {can('update', 'retention_rule') && types.length > 0 ? <SetRule types={types} rules={rules.data ?? []} /> : null}
      </Group>
      <Text c="dimmed" maw={720}>
        {t('rules.about')}
      </Text>
      <QueryView query={rules}>{(found) => (found.length === 0 ? <Text>{t('rules.none')}</Text> : <Rules rules={found} />)}</QueryView>
    </Stack>
  )
}

function Rules({ rules }: { readonly rules: readonly Rule[] }) {
  const { t } = useTranslation('custody.record-types')
  const can = useCan()
  const looking = useMutation({ mutationFn: () => foresee() })
  return (
    <Stack gap="sm">
      <WideTable label={t('rules.title')} minWidth={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('recordType')}</Table.Th>
            <Table.Th scope="col">{t('rules.kept')}</Table.Th>
            <Table.Th scope="col">{t('rules.then')}</Table.Th>
            <Table.Th scope="col">{t('rules.actions')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rules.map((rule) => (
            <Table.Tr key={rule.id}>
              <Table.Th scope="row">{rule.record_type === everyType ? t('rules.every') : rule.record_type}</Table.Th>
              <Table.Td>{t(`rules.from.${rule.counts_from}`, { count: rule.months })}</Table.Td>
              <Table.Td>{t(`rules.action.${rule.action}`)}</Table.Td>
              <Table.Td>
                {can('update', 'retention_rule') ? (
                  <ConfirmButton
                    label={t('rules.remove.label')}
                    title={t('rules.remove.title', { name: rule.record_type === everyType ? t('rules.every') : rule.record_type })}
                    consequence={t('rules.remove.consequence')}
                    confirm={t('rules.remove.confirm')}
                    act={async () => {
                      await removeRule(rule.record_type)
                      await queryClient.invalidateQueries({ queryKey: rulesKey })
                    }}
                  />
                ) : null}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <Group gap="sm">
        <Button variant="default" onClick={() => looking.mutate()} loading={looking.isPending}>
          {t('rules.foresee')}
        </Button>
      </Group>
      <ProblemAlert error={looking.error} />
      {looking.data === undefined ? null : <Tonight foreseen={looking.data} />}
    </Stack>
  )
}

/** What the sweep would do: numbers, and no person. */
function Tonight({ foreseen }: { readonly foreseen: Foreseen }) {
  const { t } = useTranslation('custody.record-types')
  const format = useFormat()
  const said = (['archive', 'erase', 'held', 'spared'] as const).filter((name) => foreseen[name] > 0)
  return (
    <Alert role="status" title={t('rules.tonight')}>
      {said.length === 0 ? t('rules.nobody', { count: foreseen.persons, all: format.number(foreseen.persons) }) : null}
      {said.map((name) => (
        <Text key={name} size="sm">
          {t(`rules.would.${name}`, { count: foreseen[name], number: format.number(foreseen[name]) })}
        </Text>
      ))}
    </Alert>
  )
}

function SetRule({ types, rules }: { readonly types: readonly string[]; readonly rules: readonly Rule[] }) {
  const { t } = useTranslation('custody.record-types')
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('rules.set.label')}
      </Button>
      <Dialog opened={opened} onClose={close} title={t('rules.set.title')}>
        {opened ? <Form types={types} rules={rules} onDone={close} /> : null}
      </Dialog>
    </>
  )
}

function Form({ types, rules, onDone }: { readonly types: readonly string[]; readonly rules: readonly Rule[]; readonly onDone: () => void }) {
  const { t } = useTranslation('custody.record-types')
  const [recordType, setRecordType] = useState(types[0] ?? '')
  const before = rules.find((rule) => rule.record_type === recordType)
  const [changed, setChanged] = useState<Partial<RuleTerms>>({})
  const terms: RuleTerms = { months: 120, counts_from: 'last_record', action: 'archive', ...before, ...changed }
  const wanted = { record_type: recordType, months: terms.months, counts_from: terms.counts_from, action: terms.action }
  const looking = useMutation({ mutationFn: () => foresee(wanted) })
  const setting = useMutation({
    mutationFn: () => setRule(wanted),
    onSuccess: async () => {
      void say(t('rules.set.done'))
      await queryClient.invalidateQueries({ queryKey: rulesKey })
      onDone()
    },
  })
  const change = (part: Partial<RuleTerms>) => {
    looking.reset()
    setChanged({ ...changed, ...part })
  }
  return (
    <Stack gap="sm">
      <ProblemAlert error={setting.error ?? looking.error} />
      <Select
        label={t('recordType')}
        data={[...types.map((name) => ({ value: name, label: name })), { value: everyType, label: t('rules.every') }]}
        value={recordType}
        onChange={(value) => {
          setRecordType(value ?? recordType)
          setChanged({})
          looking.reset()
        }}
        allowDeselect={false}
      />
      <NumberInput
        label={t('rules.set.months')}
        min={1}
        max={1200}
        allowDecimal={false}
        value={terms.months}
        onChange={(value) => change({ months: Number(value) })}
      />
      <Select
        label={t('rules.set.from')}
        data={origins.map((value) => ({ value, label: t(`rules.set.origin.${value}`) }))}
        value={terms.counts_from}
        onChange={(value) => change({ counts_from: (value as RuleTerms['counts_from'] | null) ?? terms.counts_from })}
        allowDeselect={false}
      />
      <Select
        label={t('rules.then')}
        data={actions.map((value) => ({ value, label: t(`rules.action.${value}`) }))}
        value={terms.action}
        onChange={(value) => change({ action: (value as RuleTerms['action'] | null) ?? terms.action })}
        allowDeselect={false}
      />
      {looking.data === undefined ? null : <Tonight foreseen={looking.data} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => looking.mutate()} loading={looking.isPending} disabled={terms.months < 1}>
          {t('rules.foresee')}
        </Button>
        {/* Nobody sets a rule without having seen what it does. */}
        <Button onClick={() => setting.mutate()} loading={setting.isPending} disabled={looking.data === undefined}>
          {t('rules.set.confirm')}
        </Button>
      </Group>
    </Stack>
  )
}
