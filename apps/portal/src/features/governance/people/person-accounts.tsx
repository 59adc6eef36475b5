import { Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { ConfirmDialog } from '../../../ui/confirm-button.tsx'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { ShownOnce } from '../../../ui/shown-once.tsx'
import { EmailField } from '../identity/fields.tsx'
import { Form } from '../identity/form.tsx'
import { closePerson, invitePerson } from './queries.ts'

/** Accounts of persons concerned. There is no list: nobody who runs the node learns which of them have one. */
export function PersonAccountsPage() {
  const { t } = useTranslation('governance.people')
  const can = useCan()
  return (
    <Page title={t('persons.title')} about={t('persons.about')}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {can('create', 'person_account') ? <Invite /> : null}
        {can('delete', 'person_account') ? <Close /> : null}
      </SimpleGrid>
    </Page>
  )
}

function Card({ id, title, about, children }: { readonly id: string; readonly title: string; readonly about: string; readonly children: ReactNode }) {
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={id}>
      <Stack gap="sm">
        <Title order={2} id={id}>
          {title}
        </Title>
        <Text c="dimmed">{about}</Text>
        {children}
      </Stack>
    </Paper>
  )
}

function PersonField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useTranslation('governance.people')
  return (
    <TextInput
      label={t('persons.id')}
      description={t('persons.idHint')}
      required
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function Invite() {
  const { t } = useTranslation('governance.people')
  const [person, setPerson] = useState('')
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const inviting = useMutation({ mutationFn: invitePerson, gcTime: 0 })
  const done = () => {
    inviting.reset()
    setPerson('')
    setEmail('')
    setName('')
  }
  return (
    <Card id="invite-person" title={t('persons.invite.title')} about={t('persons.invite.about')}>
      <Form
        onSubmit={() => inviting.mutate({ user_id: person.trim(), email, ...(name.trim() === '' ? {} : { name }) })}
        submit={t('invite.submit')}
        pending={inviting.isPending}
        error={inviting.error}
      >
        <PersonField value={person} onChange={setPerson} />
        <EmailField value={email} onChange={setEmail} />
        <TextInput
          label={t('name')}
          description={t('persons.nameHint')}
          maxLength={200}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </Form>
      {inviting.data === undefined ? null : (
        <ShownOnce title={t('invite.done')} about={t('persons.invite.doneAbout')} text={inviting.data} label={t('invite.link')} onClose={done} />
      )}
    </Card>
  )
}

function Close() {
  const { t } = useTranslation('governance.people')
  const [person, setPerson] = useState('')
  const [asking, { open, close }] = useDisclosure()
  return (
    <Card id="close-person" title={t('persons.close.title')} about={t('persons.close.about')}>
      <Form onSubmit={open} submit={t('persons.close.label')} pending={false} error={null}>
        <PersonField value={person} onChange={setPerson} />
      </Form>
      <ConfirmDialog
        opened={asking}
        onClose={close}
        title={t('persons.close.question')}
        consequence={t('persons.close.consequence')}
        confirm={t('persons.close.confirm')}
        act={async () => {
          await closePerson(person.trim())
          setPerson('')
          void say(t('persons.close.done'))
        }}
      />
    </Card>
  )
}
