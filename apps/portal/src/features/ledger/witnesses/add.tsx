import { Button, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '../../../ui/copyable.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { logEvidence } from '../../../ui/evidence/queries.ts'
import { say } from '../../../ui/notices.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { addWitness } from './queries.ts'

/** A witness has to know the log's key before it is asked, so that key is shown first. */
export function AddWitness() {
  const { t } = useTranslation('ledger.witnesses')
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
        {t('add.label')}
      </Button>
      <Dialog opened={opened} onClose={close} title={t('add.title')} size="lg">
        <AddForm onDone={close} />
      </Dialog>
    </>
  )
}

function AddForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('ledger.witnesses')
  const [vkey, setVkey] = useState('')
  const [url, setUrl] = useState('')
  const { data } = useQuery(logEvidence)
  const adding = useMutation({
    mutationFn: () => addWitness({ vkey: vkey.trim(), url: url.trim() }),
    onSuccess: () => {
      void say(t('add.done'))
      onDone()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        adding.mutate()
      }}
    >
      <Stack gap="md">
        <ProblemAlert error={adding.error} />
        <Text>{t('add.about')}</Text>
        {data === undefined ? null : <Copyable text={data.stated.vkey} label={t('add.ownKey')} />}
        <Textarea
          label={t('add.vkey')}
          description={t('add.vkeyAbout')}
          required
          autosize
          maxLength={300}
          spellCheck={false}
          value={vkey}
          onChange={(event) => setVkey(event.currentTarget.value)}
        />
        <TextInput
          label={t('add.url')}
          description={t('add.urlAbout')}
          type="url"
          required
          maxLength={300}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <Button type="submit" loading={adding.isPending}>
          {t('add.submit')}
        </Button>
      </Stack>
    </form>
  )
}
