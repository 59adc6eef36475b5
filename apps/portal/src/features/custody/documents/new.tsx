import { Button, FileButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { createDocument } from './queries.ts'
import { sendFile } from './uploads.ts'

/** Whom a document is about stands nowhere but in the form, and is forgotten with it. */
export function NewDocument({ person }: { readonly person: string | undefined }) {
  const { t } = useTranslation('custody.documents')
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
        {t('new.title')}
      </Button>
      <Dialog opened={opened} onClose={close} title={t('new.title')}>
        {opened ? <Form person={person} /> : null}
      </Dialog>
    </>
  )
}

function Form({ person }: { readonly person: string | undefined }) {
  const { t } = useTranslation('custody.documents')
  const format = useFormat()
  const navigate = useNavigate()
  const [file, setFile] = useState<File | null>(null)
  const [title, setTitle] = useState('')
  const [source, setSource] = useState('upload')
  const [userId, setUserId] = useState(person ?? '')
  const [until, setUntil] = useState('')
  const making = useMutation({
    gcTime: 0,
    mutationFn: async (chosen: File) => {
      const about = userId.trim() === '' ? {} : { user_id: userId.trim() }
      const keep = until === '' ? {} : { retain_until: new Date(`${until}T00:00:00`).toISOString() }
      const id = await createDocument({ title: title.trim(), source: source.trim(), ...about, ...keep })
      sendFile(id, chosen)
      return id
    },
    onSuccess: (id) => navigate({ to: `/custody/documents/${id}` }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (file !== null) making.mutate(file)
  }
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="sm">
        <ProblemAlert error={making.error} />
        <Group gap="sm">
          <FileButton onChange={setFile}>
            {(props) => (
              <Button {...props} variant="default">
                {t('new.choose')}
              </Button>
            )}
          </FileButton>
          <Text size="sm">{file === null ? t('new.limit') : `${file.name} · ${format.bytes(file.size)}`}</Text>
        </Group>
        <TextInput
          label={t('documentTitle')}
          description={t('new.titleAbout')}
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          autoComplete="off"
        />
        <TextInput
          label={t('source')}
          description={t('new.sourceAbout')}
          required
          maxLength={63}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        <TextInput
          label={t('person')}
          description={t('new.personAbout')}
          maxLength={200}
          value={userId}
          onChange={(event) => setUserId(event.currentTarget.value)}
          autoComplete="off"
        />
        <TextInput
          type="date"
          label={t('retainUntil')}
          description={t('new.retainAbout')}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={making.isPending} disabled={file === null || title.trim() === '' || source.trim() === ''}>
            {t('new.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
