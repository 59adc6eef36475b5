import { Button, Group, NativeSelect, Paper, SegmentedControl, SimpleGrid, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { GatehouseError } from '../../../api.ts'
import { JsonEditor } from '../../../ui/json/json-editor.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { ConditionForm } from './condition-form.tsx'
import { beginnings, isKind, kinds } from './kinds.ts'
import type { Draft } from './queries.ts'
import { conditionSentence } from './sentence.ts'
import { SpanField } from './span-field.tsx'
import { useSpeech } from './use-speech.ts'

interface EditorProps {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly error: Error | null
  /** The act itself, as the button says it. */
  readonly save: string
  readonly saving: boolean
  readonly saved?: boolean
  readonly onSave: () => void
}

/** A rule as a form and as JSON, both of the same draft; what it says in a sentence grows beside. */
export function Editor({ draft, onChange, error, save, saving, saved = false, onSave }: EditorProps) {
  const { t } = useTranslation('insight.alerts')
  const speech = useSpeech()
  const [view, setView] = useState('form')
  const [text, setText] = useState('')
  const [whole, setWhole] = useState(true)
  const turn = (to: string) => {
    if (to === 'json') setText(JSON.stringify(draft, null, 2))
    setWhole(true)
    setView(to)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onSave()
      }}
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Stack gap="sm">
          <SegmentedControl
            aria-label={t('editor.view')}
            value={view}
            onChange={turn}
            data={[
              { value: 'form', label: t('editor.form') },
              { value: 'json', label: 'JSON' },
            ]}
            w={200}
          />
          {view === 'json' ? (
            <JsonEditor
              label={t('editor.json')}
              text={text}
              rows={18}
              errors={error instanceof GatehouseError ? (error.problem.errors ?? []) : []}
              onChange={(written, reading) => {
                setText(written)
                const read = reading.ok ? draftIn(reading.value) : undefined
                setWhole(read !== undefined)
                if (read !== undefined) onChange(read)
              }}
            />
          ) : (
            <Fields draft={draft} onChange={onChange} />
          )}
        </Stack>
        <Stack gap="sm">
          <Paper withBorder p="md" component="section" aria-labelledby="sentence">
            <Title order={2} id="sentence">
              {t('editor.sentence')}
            </Title>
            <Text mt="xs" role="status">
              {whole ? conditionSentence(draft.condition, speech) : t('editor.notARule')}
            </Text>
            <Text mt="xs" c="dimmed" size="sm">
              {t('editor.again', { span: speech.span(draft.cool_down_seconds) })}
            </Text>
          </Paper>
          <ProblemAlert error={error} />
          <Group>
            <Button type="submit" loading={saving} disabled={!whole || draft.name.trim() === ''}>
              {save}
            </Button>
            {saved ? <Text role="status">{t('editor.saved')}</Text> : null}
          </Group>
        </Stack>
      </SimpleGrid>
    </form>
  )
}

function Fields({ draft, onChange }: Pick<EditorProps, 'draft' | 'onChange'>) {
  const { t } = useTranslation('insight.alerts')
  return (
    <>
      <TextInput
        label={t('editor.name')}
        description={t('editor.nameAbout')}
        value={draft.name}
        required
        maxLength={100}
        onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('kindLabel')}
        value={draft.condition.kind}
        data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        onChange={({ currentTarget: { value } }) => {
          if (isKind(value)) onChange({ ...draft, condition: beginnings[value] })
        }}
      />
      <ConditionForm condition={draft.condition} onChange={(condition) => onChange({ ...draft, condition })} />
      <SpanField
        label={t('editor.coolDown')}
        description={t('editor.coolDownAbout')}
        seconds={draft.cool_down_seconds}
        onChange={(cool_down_seconds) => onChange({ ...draft, cool_down_seconds })}
      />
      <Textarea
        label={t('editor.description')}
        description={t('editor.descriptionAbout')}
        value={draft.description}
        maxLength={1_000}
        autosize
        minRows={3}
        onChange={(event) => onChange({ ...draft, description: event.currentTarget.value })}
      />
    </>
  )
}

/** What was written as a rule, where it has a rule's shape; whether its numbers hold says the node. */
function draftIn(value: unknown): Draft | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { name, description = '', condition, cool_down_seconds = 3_600 } = value as Partial<Record<keyof Draft, unknown>>
  if (typeof name !== 'string' || typeof description !== 'string' || typeof cool_down_seconds !== 'number') return undefined
  if (typeof condition !== 'object' || condition === null || !isKind((condition as { kind?: unknown }).kind)) return undefined
  return { name, description, condition: condition as Draft['condition'], cool_down_seconds }
}
