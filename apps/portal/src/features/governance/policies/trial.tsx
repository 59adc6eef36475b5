import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDice, IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { StateChip } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { purposesQuery } from '../purposes/queries.ts'
import type { PolicyDocument } from './document.ts'
import { MaskLegend, MaskWords } from './mask-words.tsx'
import { familyOf } from './masks.ts'
import { previewQuery, recordTypesQuery, type Shown, type ShownField, type Trial } from './queries.ts'
import { invent, readValue, type SampleField, type SampleRecord, type SampleValue } from './sample.ts'

const recordsMax = 5
const pauseMs = 800

type Subject = { readonly document: PolicyDocument } | { readonly policy: string; readonly version: number }

/** What a policy makes of records about nobody: before and after side by side, and why. */
export function PolicyTrial({ policy, subject }: { readonly policy: PolicyDocument; readonly subject: Subject }) {
  const { t } = useTranslation('governance.policies')
  const [ruleUid, chooseRule] = useState<string | null>(null)
  const [otherPurpose, choosePurpose] = useState<string | null>(null)
  const rule = policy.permission.find(({ uid }) => uid === ruleUid) ?? policy.permission[0]
  const types = useQuery(recordTypesQuery)
  const purposes = useQuery(purposesQuery)
  const known = types.data?.find(({ record_type }) => record_type === rule?.target)?.fields
  const fields = useMemo(() => fieldsToTry(Object.keys(rule?.fields ?? {}), known), [rule, known])
  const [records, setRecords] = useState<readonly { readonly number: number; readonly typed: SampleRecord }[]>([{ number: 0, typed: {} }])
  if (rule === undefined) return <Text c="dimmed">{t('try.noRule')}</Text>
  const sample = records.map(({ number, typed }) => ({ ...invent(fields, number), ...pick(typed, fields) }))
  const purpose = otherPurpose ?? rule.purpose[0]
  const trial: Trial | undefined =
    purpose === undefined || fields.length === 0
      ? undefined
      : {
          ...('document' in subject ? { document: { ...subject.document } } : subject),
          purpose,
          record_type: rule.target,
          action: rule.action as Trial['action'],
          sample,
        }
  const anew = () => setRecords(records.map(({ number }) => ({ number: number + records.length, typed: {} })))
  return (
    <Stack gap="md">
      <Group gap="sm" align="flex-end">
        {policy.permission.length < 2 ? null : (
          <Select
            label={t('try.rule')}
            data={policy.permission.map(({ uid, title }) => ({ value: uid, label: title ?? uid }))}
            value={rule.uid}
            onChange={chooseRule}
            allowDeselect={false}
          />
        )}
        <Select
          label={t('try.purpose')}
          data={(purposes.data ?? []).map(({ term, label }) => ({ value: term, label: `${label} (${term})` }))}
          value={purpose ?? null}
          onChange={choosePurpose}
          searchable
          allowDeselect={false}
          w={320}
          maw="100%"
        />
        <Button variant="default" leftSection={<IconDice size={16} aria-hidden />} onClick={anew}>
          {t('try.anew')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={records.length >= recordsMax}
          onClick={() => setRecords([...records, { number: Math.max(...records.map(({ number }) => number)) + 1, typed: {} }])}
        >
          {t('try.add')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('try.about')}
      </Text>
      {trial === undefined ? (
        <Text c="dimmed">{t('try.notYet')}</Text>
      ) : (
        <Result
          trial={trial}
          policy={policy}
          onType={(at, field, value) =>
            setRecords(records.map((record, index) => (index === at ? { ...record, typed: { ...record.typed, [field]: value } } : record)))
          }
          {...(records.length === 1 ? {} : { onRemove: (at: number) => setRecords(records.filter((_, index) => index !== at)) })}
        />
      )}
    </Stack>
  )
}

/** The record type's fields, so that what is left out shows too, and whatever else the rule names. */
function fieldsToTry(named: readonly string[], known: readonly SampleField[] | undefined): readonly SampleField[] {
  const types = known ?? []
  return [...types, ...named.filter((name) => !types.some((field) => field.name === name)).map((name) => ({ name }))]
}

const pick = (record: SampleRecord, fields: readonly SampleField[]) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => fields.some((field) => field.name === name)))

interface ResultProps {
  readonly trial: Trial
  readonly policy: PolicyDocument
  readonly onType: (record: number, field: string, value: SampleValue) => void
  readonly onRemove?: (record: number) => void
}

function Result({ trial, policy, onType, onRemove }: ResultProps) {
  const { t } = useTranslation('governance.policies')
  const format = useFormat()
  // Compared as text: the trial is made anew each time the page is drawn.
  const key = JSON.stringify(trial)
  const [settled] = useDebouncedValue(key, pauseMs)
  const query = useQuery(previewQuery(useMemo(() => JSON.parse(settled) as Trial, [settled])))
  const stale = settled !== key || query.isPlaceholderData
  const shown = query.data
  return (
    <Stack gap="sm">
      <ProblemAlert error={query.error} />
      {shown === undefined ? null : (
        <Group gap="xs" role="status">
          <StateChip tone={shown.outcome === 'permit' ? 'permit' : 'deny'}>{t(`try.${shown.outcome}`)}</StateChip>
          {shown.ttl_max_seconds === null ? null : <Text size="sm">{t('try.ttl', { time: format.duration(shown.ttl_max_seconds * 1000) })}</Text>}
        </Group>
      )}
      {shown?.outcome === 'deny' ? <Text lang="en">{shown.explained.join(' ')}</Text> : null}
      <MaskLegend />
      {trial.sample.map((record, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: records are known by their place only
        <Stack key={at} gap={4} aria-busy={stale}>
          <Group justify="space-between">
            <Text fw={600}>{t('try.record', { number: at + 1 })}</Text>
            {onRemove === undefined ? null : (
              <ActionIcon variant="subtle" color="gray" onClick={() => onRemove(at)} aria-label={t('try.remove', { number: at + 1 })}>
                <IconX size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
          <BeforeAfter
            record={record}
            number={at + 1}
            fields={query.isError ? undefined : shown?.records[at]}
            policy={policy}
            onType={(field, value) => onType(at, field, value)}
          />
        </Stack>
      ))}
      <Assumed shown={shown} />
    </Stack>
  )
}

function Assumed({ shown }: { readonly shown: Shown | undefined }) {
  const { t } = useTranslation('governance.policies')
  if (shown === undefined || shown.assumed.length === 0) return null
  return (
    <div>
      <Text size="sm" c="dimmed">
        {t('try.assumed')}
      </Text>
      <ul lang="en" style={{ margin: 0 }}>
        {shown.assumed.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  )
}

interface BeforeAfterProps {
  readonly record: SampleRecord
  readonly number: number
  readonly fields: readonly ShownField[] | undefined
  readonly policy: PolicyDocument
  readonly onType: (field: string, value: SampleValue) => void
}

function BeforeAfter({ record, number, fields, policy, onType }: BeforeAfterProps) {
  const { t } = useTranslation('governance.policies')
  const becomes = new Map(fields?.map((field) => [field.field, field]))
  return (
    <table className="tried">
      <caption className="sr-only">{t('try.record', { number })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('field')}</th>
          <th scope="col">{t('try.before')}</th>
          <th scope="col">{t('try.after')}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(record).map(([name, value]) => {
          const after = becomes.get(name)
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <ValueInput label={t('try.value', { field: name, number })} value={value} onChange={(typed) => onType(name, typed)} />
              </td>
              <td data-family={after === undefined ? undefined : familyOf(after.after === undefined ? undefined : after.mask)}>
                {after === undefined ? '…' : <Becomes field={after} policy={policy} />}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** A value as it is typed; what is none of its type stays a text to correct and is not sent. */
function ValueInput({ label, value, onChange }: { readonly label: string; readonly value: SampleValue; readonly onChange: (value: SampleValue) => void }) {
  const { t } = useTranslation('governance.policies')
  const [wrong, setWrong] = useState<string | undefined>(undefined)
  return (
    <TextInput
      size="xs"
      aria-label={label}
      value={wrong ?? String(value ?? '')}
      error={wrong === undefined ? undefined : t('try.wrongType')}
      onChange={(event) => {
        const text = event.currentTarget.value
        const read = readValue(text, value)
        setWrong(read === undefined ? text : undefined)
        if (read !== undefined) onChange(read)
      }}
    />
  )
}

function Becomes({ field, policy }: { readonly field: ShownField; readonly policy: PolicyDocument }) {
  const { t } = useTranslation('governance.policies')
  const mask = policy.permission.find(({ uid }) => uid === field.rule)?.fields[field.field]
  const given = field.after !== undefined
  return (
    <Stack gap={4} align="flex-start">
      {given ? <Text fw={500}>{field.after === null ? t('try.empty') : String(field.after)}</Text> : null}
      <MaskWords mask={given ? mask : undefined} />
      {field.dropped === undefined ? null : (
        <Text size="xs" lang="en">
          {field.dropped.text}
        </Text>
      )}
      {field.note === undefined ? null : (
        <Text size="xs" lang="en">
          {field.note}
        </Text>
      )}
      {field.exact === false ? <Text size="xs">{t('try.notExact')}</Text> : null}
      {field.declares?.reversible === true && field.mask !== 'keep' ? <Text size="xs">{t('try.reversible')}</Text> : null}
    </Stack>
  )
}
