import { Button, Code, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShownOnce } from '../../../ui/shown-once.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { type Act, type Application, applicationsQuery, type Credentials, carryOut, renewSecret } from './queries.ts'
import { RegisterApplication } from './register.tsx'

/** Programs that may act for people or by themselves: registered, judged, suspended. */
export function ApplicationsPage() {
  const { t } = useTranslation('administration.applications')
  const can = useCan()
  const [registering, { open, close }] = useDisclosure()
  const [shown, setShown] = useState<Credentials>()
  const registered = (credentials: Credentials) => {
    close()
    setShown(credentials)
  }
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        can('create', 'application') ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('register.open')}
          </Button>
        ) : undefined
      }
    >
      <QueryView query={useQuery(applicationsQuery)}>
        {(applications) => (
          <Stack gap="md" maw={860}>
            {applications.length === 0 ? <EmptyState title={t('empty.title')} about={t('empty.about')} /> : null}
            {applications.map((application) => (
              <ApplicationCard key={application.id} application={application} onSecret={setShown} />
            ))}
          </Stack>
        )}
      </QueryView>
      {registering ? <RegisterApplication onClose={close} onRegistered={registered} /> : null}
      {shown?.secret == null ? null : (
        <ShownOnce
          title={t('secret.title')}
          about={t('secret.about', { id: shown.id })}
          text={shown.secret}
          label={t('secret.label')}
          onClose={() => setShown(undefined)}
        />
      )}
    </Page>
  )
}

const tones = { sandbox: 'neutral', submitted: 'attention', live: 'permit', suspended: 'deny', retired: 'neutral' } as const
/** What can be done in which state, and with which right. */
const steps: Readonly<Record<Application['state'], readonly Act[]>> = {
  sandbox: ['submit'],
  submitted: ['admit', 'return'],
  live: ['suspend'],
  suspended: ['resume'],
  retired: [],
}

function ApplicationCard({ application, onSecret }: { readonly application: Application; readonly onSecret: (credentials: Credentials) => void }) {
  const { t } = useTranslation('administration.applications')
  const can = useCan()
  const acting = useMutation({ mutationFn: (act: Act) => carryOut(act, application) })
  const { id, name, purpose, state, scopes, claims, redirect_uris: uris } = application
  const judges = can('publish', 'application')
  const open = steps[state].filter((act) => act === 'submit' || judges)
  const words = [...claims, ...scopes.map(({ area, level, scope }) => `${area}:${level}${scope === undefined ? '' : `@${scope.kind}/${scope.id}`}`)]
  return (
    <Paper component="article" withBorder p="md" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="sm">
            <Title order={2} size="h3">
              {name}
            </Title>
            <StateChip tone={tones[state]}>{t(`state.${state}`)}</StateChip>
          </Group>
          {state === 'retired' ? null : (
            <Group gap="xs">
              {open.map((act) => (
                <Button key={act} variant={act === 'admit' ? 'filled' : 'default'} loading={acting.isPending} onClick={() => acting.mutate(act)}>
                  {t(`act.${act}`)}
                </Button>
              ))}
              {application.confidential && application.elsewhere === null ? (
                <ConfirmButton
                  label={t('secret.renew')}
                  title={t('secret.sure', { name })}
                  consequence={t('secret.consequence')}
                  confirm={t('secret.confirm')}
                  act={async () => onSecret(await renewSecret(id))}
                />
              ) : null}
              <ConfirmButton
                label={t('act.retire')}
                title={t('retire.title', { name })}
                consequence={t('retire.consequence')}
                confirm={t('retire.confirm')}
                act={() => carryOut('retire', application)}
              />
            </Group>
          )}
        </Group>
        <Text>{purpose}</Text>
        <Text size="sm" c="dimmed">
          {t(`hint.${state}`)}
        </Text>
        <ProblemAlert error={acting.error} />
        <Facts
          facts={[
            { label: t('scopes'), value: words.length === 0 ? t('none') : <Code>{words.join(' ')}</Code> },
            { label: t('redirects'), value: uris.length === 0 ? t('none') : <Code>{uris.join(' ')}</Code> },
            { label: t('way'), value: t(application.acts_by_itself ? 'byItself' : 'forPeople') },
            { label: t('proof'), value: t(application.proves_key ? 'dpop' : application.confidential ? 'bySecret' : 'byPkce') },
          ]}
        />
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t('clientId')}
          </Text>
          <Copyable text={id} label={t('clientIdOf', { name })} />
        </div>
      </Stack>
    </Paper>
  )
}
