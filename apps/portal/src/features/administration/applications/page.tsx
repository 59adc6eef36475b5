import { Button, Code, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Card, CardPage } from '../../../ui/card-page.tsx'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { ShownOnce } from '../../../ui/shown-once.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { AskReview, useDemanded } from '../../governance/reviews/ask-review.tsx'
import { type Act, type Application, applicationsQuery, type Credentials, carryOut, renewSecret } from './queries.ts'
import { ChangeApplication, RegisterApplication } from './settings-form.tsx'

/** Programs that may act for people or by themselves: registered, changed, judged, suspended. */
export function ApplicationsPage() {
  const { t } = useTranslation('administration.applications')
  const can = useCan()
  const [shown, setShown] = useState<Credentials>()
  return (
    <>
      <CardPage
        title={t('title')}
        about={t('about')}
        add={can('create', 'application') ? t('register.open') : undefined}
        dialog={(close) => (
          <RegisterApplication
            onClose={close}
            onRegistered={(credentials) => {
              close()
              setShown(credentials)
            }}
          />
        )}
        query={useQuery(applicationsQuery)}
        empty={{ title: t('empty.title'), about: t('empty.about') }}
      >
        {(application) => <ApplicationCard application={application} onSecret={setShown} />}
      </CardPage>
      {shown?.secret == null ? null : (
        <ShownOnce
          title={t('secret.title')}
          about={t('secret.about', { id: shown.id })}
          text={shown.secret}
          label={t('secret.label')}
          onClose={() => setShown(undefined)}
        />
      )}
    </>
  )
}

const tones = { sandbox: 'neutral', submitted: 'attention', live: 'permit', suspended: 'deny', retired: 'neutral' } as const
/** What can be done in which state. */
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
  const [changing, { open: change, close }] = useDisclosure()
  const acting = useMutation({ mutationFn: (act: Act) => carryOut(act, application) })
  const { id, name, purpose, state, scopes, claims, redirect_uris: uris } = application
  const reviewed = useDemanded('application_admission') === true
  const [keeps, judges] = [can('update', 'application'), can('publish', 'application')]
  const open = steps[state].filter((act) => (act === 'submit' ? keeps : judges) && !(act === 'admit' && reviewed))
  const words = [...claims, ...scopes.map(({ area, level, scope }) => `${area}:${level}${scope === undefined ? '' : `@${scope.kind}/${scope.id}`}`)]
  return (
    <Card
      name={name}
      chips={<StateChip tone={tones[state]}>{t(`state.${state}`)}</StateChip>}
      actions={
        state === 'retired' ? null : (
          <>
            {open.map((act) => (
              <Button key={act} variant={act === 'admit' ? 'filled' : 'default'} loading={acting.isPending} onClick={() => acting.mutate(act)}>
                {t(`act.${act}`)}
              </Button>
            ))}
            {state === 'submitted' && reviewed && keeps ? <AskAdmission application={application} /> : null}
            {keeps && state !== 'suspended' ? (
              <Button variant="default" onClick={change}>
                {t('change.open')}
              </Button>
            ) : null}
            {keeps && application.confidential && application.elsewhere === null ? (
              <ConfirmButton
                label={t('secret.renew')}
                title={t('secret.sure', { name })}
                consequence={t('secret.consequence')}
                confirm={t('secret.confirm')}
                act={async () => onSecret(await renewSecret(id))}
              />
            ) : null}
            {can('delete', 'application') ? (
              <ConfirmButton
                label={t('act.retire')}
                title={t('retire.title', { name })}
                consequence={t('retire.consequence')}
                confirm={t('retire.confirm')}
                act={() => carryOut('retire', application)}
              />
            ) : null}
          </>
        )
      }
    >
      <Text>{purpose}</Text>
      <Text size="sm" c="dimmed">
        {t(state === 'submitted' && reviewed ? 'hint.reviewed' : `hint.${state}`)}
      </Text>
      <ProblemAlert error={acting.error} />
      <Facts
        facts={[
          { label: t('scopes'), value: words.length === 0 ? t('none') : <Code>{words.join(' ')}</Code> },
          { label: t('redirects'), value: uris.length === 0 ? t('none') : <Code>{uris.join(' ')}</Code> },
          { label: t('way'), value: t(application.acts_by_itself ? 'byItself' : 'forPeople') },
          { label: t('proof'), value: t(proofOf(application)) },
        ]}
      />
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t('clientId')}
        </Text>
        <Copyable text={id} label={t('clientIdOf', { name })} />
      </div>
      {changing ? <ChangeApplication application={application} onClose={close} /> : null}
    </Card>
  )
}

function proofOf({ proves_key, elsewhere, confidential }: Application): string {
  if (proves_key) return 'dpop'
  if (elsewhere !== null) return 'byOther'
  return confidential ? 'bySecret' : 'byPkce'
}

/** Where the institution has admissions judged by a panel, that takes the place of one colleague's word. */
function AskAdmission({ application: { id, name } }: { readonly application: Application }) {
  const { t } = useTranslation('administration.applications')
  const words = {
    label: t('review.label'),
    title: t('review.title', { name }),
    consequence: t('review.consequence'),
    confirm: t('review.confirm'),
    done: t('review.done'),
    open: t('review.open'),
  }
  return <AskReview kind="application_admission" object={id} words={words} />
}
