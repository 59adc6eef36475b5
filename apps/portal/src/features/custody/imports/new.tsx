import './imports.css'
import { Alert, Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { queryClient } from '../../../session.ts'
import { meaning } from '../../../theme.ts'
import { JsonEditor } from '../../../ui/json/json-editor.tsx'
import { Page } from '../../../ui/page.tsx'
import { useFaults } from '../../../ui/problem-words.ts'
import { ProblemAlert } from '../../../ui/states.tsx'
import { type Draft, draftFrom, draftOf, faultsIn, mappingOf } from './draft.ts'
import { FileDrop } from './file-drop.tsx'
import { KeptRecord } from './kept-record.tsx'
import { MappingTable } from './mapping-table.tsx'
import { importsKey, planImport, propose } from './queries.ts'
import { firstRows } from './sample.ts'
import { sendFile } from './uploads.ts'

/** A file, what its columns become, and off it goes. Nothing of the file leaves the browser but its first rows, until the last step. */
export function NewImport() {
  const { t } = useTranslation('custody.imports')
  const [file, setFile] = useState<File>()
  const [draft, setDraft] = useState<Draft>()
  const [recordType, setRecordType] = useState('customer')
  const reading = useMutation({
    gcTime: 0,
    mutationFn: async (chosen: File) => draftOf(await propose(await firstRows(chosen), recordType), recordType),
    onSuccess: setDraft,
  })
  const choose = (chosen: File) => {
    setFile(chosen)
    setDraft(undefined)
    reading.mutate(chosen)
  }
  if (file !== undefined && draft !== undefined) {
    return <MappingStep file={file} draft={draft} onDraft={setDraft} onOther={() => setDraft(undefined)} />
  }
  return (
    <Page title={t('new.title')} about={t('new.about')}>
      <Stack gap="md" maw={720}>
        <TextInput
          label={t('recordType')}
          description={t('new.recordTypeHint')}
          value={recordType}
          onChange={(event) => setRecordType(event.currentTarget.value.trim())}
          maw={320}
        />
        <FileDrop onFile={choose} disabled={reading.isPending || recordType === ''} label={t('file.choose')} />
        <div role="status">{reading.isPending ? <Text>{t('file.reading')}</Text> : null}</div>
        <ProblemAlert error={reading.error} />
      </Stack>
    </Page>
  )
}

interface MappingStepProps {
  readonly file: File
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly onOther: () => void
}

function MappingStep({ file, draft, onDraft, onOther }: MappingStepProps) {
  const { t } = useTranslation('custody.imports')
  const format = useFormat()
  const navigate = useNavigate()
  const [view, setView] = useState<'table' | 'json'>('table')
  const [text, setText] = useState('')
  const [fits, setFits] = useState(true)
  const planning = useMutation({
    mutationFn: () => planImport(mappingOf(draft), file.name),
    onSuccess: async (id) => {
      sendFile(id, file)
      await queryClient.invalidateQueries({ queryKey: importsKey })
      await navigate({ to: `/custody/imports/${id}` })
    },
  })
  const errors = useFaults()(planning.error)
  const faults = faultsIn(errors, draft.subject)
  const general = faults.filter(({ column }) => column === undefined || !draft.columns.some((row) => row.column === column))
  const change = (next: Draft) => {
    planning.reset()
    onDraft(next)
  }
  const show = (next: 'table' | 'json') => {
    setText(JSON.stringify(mappingOf(draft), null, 2))
    setFits(true)
    setView(next)
  }
  return (
    <Page title={t('new.mappingTitle')} about={t('new.mappingAbout', { size: format.bytes(file.size) })}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-end">
          <TextInput
            label={t('recordType')}
            value={draft.recordType}
            error={general.find(({ member }) => member === 'record_type')?.detail}
            onChange={(event) => change({ ...draft, recordType: event.currentTarget.value.trim() })}
          />
          <SegmentedControl
            value={view}
            onChange={(value) => show(value as 'table' | 'json')}
            data={[
              { value: 'table', label: t('view.table') },
              { value: 'json', label: t('view.json') },
            ]}
            aria-label={t('view.label')}
          />
        </Group>
        <div className="beside">
          {view === 'table' ? (
            <MappingTable draft={draft} onChange={change} faults={faults} />
          ) : (
            <JsonEditor
              label={t('mapping.title')}
              text={text}
              errors={errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/mapping/, ''), detail }))}
              onChange={(next, reading) => {
                setText(next)
                const read = reading.ok ? draftFrom(reading.value, draft) : undefined
                setFits(read !== undefined)
                if (read !== undefined) change(read)
              }}
            />
          )}
          <KeptRecord draft={draft} />
        </div>
        {fits ? null : (
          <Alert color={meaning.attention} role="status">
            {t('view.unfit')}
          </Alert>
        )}
        {draft.subject === null ? (
          <Alert color={meaning.attention} role="status">
            {t('picture.noSubject')}
          </Alert>
        ) : null}
        {faults.length > 0 && general.length === 0 ? (
          <Alert color={meaning.deny} role="alert">
            {t('new.refused', { count: faults.length })}
          </Alert>
        ) : (
          <ProblemAlert error={planning.error} />
        )}
        <Group>
          <Button onClick={() => planning.mutate()} loading={planning.isPending} disabled={draft.subject === null || !fits}>
            {t('new.start')}
          </Button>
          <Button variant="default" onClick={onOther}>
            {t('new.otherFile')}
          </Button>
        </Group>
      </Stack>
    </Page>
  )
}
