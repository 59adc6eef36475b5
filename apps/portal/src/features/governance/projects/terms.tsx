import { Group, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Form } from '../identity/form.tsx'
import { purposesQuery } from '../purposes/queries.ts'
import { createProject, type Project, type Terms, updateProject } from './queries.ts'

export function ProposeProject({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('governance.projects')
  const navigate = useNavigate()
  const pathTo = useObjectPath()
  const terms = useTerms()
  const creating = useMutation({
    mutationFn: createProject,
    onSuccess: async ({ id }) => {
      onClose()
      await navigate({ to: pathTo('project', id) ?? '/' })
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t('propose.open')} size="lg">
      <Form
        onSubmit={() => creating.mutate(terms.value)}
        submit={t('propose.submit')}
        pending={creating.isPending}
        error={creating.error}
        disabled={!terms.whole}
      >
        {terms.fields}
      </Form>
    </Dialog>
  )
}

export function ChangeTerms({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.projects')
  const terms = useTerms(project)
  const changing = useMutation({ mutationFn: () => updateProject(project.id, terms.value, project.revision), onSuccess: onClose })
  return (
    <Dialog opened onClose={onClose} title={t('terms.open')} size="lg">
      <Form onSubmit={() => changing.mutate()} submit={t('terms.submit')} pending={changing.isPending} error={changing.error} disabled={!terms.whole}>
        {terms.fields}
      </Form>
    </Dialog>
  )
}

const dayOf = (at: string) => at.slice(0, 10)

/** Days are entered, and begin and end at midnight of UTC. A moment that was not changed stays as it is. */
function useTerms(project?: Project) {
  const { t } = useTranslation('governance.projects')
  const purposes = useQuery(purposesQuery)
  const [title, setTitle] = useState(project?.title ?? '')
  const [description, setDescription] = useState(project?.description ?? '')
  const [purpose, setPurpose] = useState<string | null>(project?.purpose ?? null)
  const [reference, setReference] = useState(project?.agreement?.reference ?? '')
  const [digest, setDigest] = useState(project?.agreement?.sha256 ?? '')
  const [starts, setStarts] = useState(dayOf(project?.starts_at ?? new Date().toISOString()))
  const [ends, setEnds] = useState(project === undefined ? '' : dayOf(project.ends_at))
  const moment = (day: string, before: string | undefined) => (before !== undefined && dayOf(before) === day ? before : `${day}T00:00:00Z`)
  const value: Terms = {
    title,
    description,
    purpose: purpose ?? '',
    agreement: reference.trim() === '' ? null : { reference, ...(digest === '' ? {} : { sha256: digest }) },
    starts_at: moment(starts, project?.starts_at),
    ends_at: moment(ends, project?.ends_at),
  }
  const fields = (
    <>
      <TextInput label={t('name')} required maxLength={200} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
      <Textarea
        label={t('description')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2000}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Select
        label={t('purpose')}
        description={t('purposeHint')}
        required
        searchable
        limit={100}
        disabled={project !== undefined}
        data={(purposes.data ?? []).map(({ term, label }) => ({ value: term, label: `${label} – ${term}` }))}
        value={purpose}
        onChange={setPurpose}
      />
      <TextInput
        label={t('agreement')}
        description={t('agreementHint')}
        maxLength={200}
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
      <TextInput
        label={t('digest')}
        description={t('digestHint')}
        maxLength={64}
        pattern="[0-9a-f]{64}"
        spellCheck={false}
        value={digest}
        onChange={(event) => setDigest(event.currentTarget.value.toLowerCase())}
      />
      <Group grow align="flex-start">
        <TextInput
          label={t('starts')}
          type="date"
          required
          disabled={project !== undefined && project.state !== 'draft'}
          value={starts}
          onChange={(event) => setStarts(event.currentTarget.value)}
        />
        <TextInput label={t('ends')} type="date" required value={ends} onChange={(event) => setEnds(event.currentTarget.value)} />
      </Group>
    </>
  )
  return { value, fields, whole: title.trim() !== '' && purpose !== null && starts !== '' && ends !== '' }
}
