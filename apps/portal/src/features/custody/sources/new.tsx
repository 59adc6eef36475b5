import { Alert, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { meaning } from '../../../theme.ts'
import { faultsAt } from '../../../ui/json/document.ts'
import { useObjectPath } from '../../../ui/object-path.ts'
import { Page } from '../../../ui/page.tsx'
import { useFaults } from '../../../ui/problem-words.ts'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Steps } from '../../../ui/steps.tsx'
import { Changes } from './changes.tsx'
import { LeftOut } from './left-out.tsx'
import { LookState, useLook } from './look.tsx'
import { addSource, checkSource, type Discovered, type Kind, kindsQuery, type Source, sourceQuery } from './queries.ts'
import { useSourceSays } from './said.ts'
import { begunWith, fieldsOf } from './schema-fields.ts'
import { SchemaForm } from './schema-form.tsx'
import { Health } from './state.tsx'

const steps = ['kind', 'settings', 'check', 'discover'] as const
type Step = (typeof steps)[number]
const none: ReadonlySet<Step> = new Set()

/** A source is connected step by step: what it is, where it is and who may in, whether it answers, and what is in it. */
export function NewSource() {
  const { t } = useTranslation('custody.sources')
  const [step, setStep] = useState<Step>('kind')
  const [kind, setKind] = useState<Kind | undefined>(undefined)
  const [source, setSource] = useState<Source | undefined>(undefined)
  const [found, setFound] = useState<Discovered | undefined>(undefined)
  return (
    <Page title={t('new.title')} about={t('new.about')}>
      <Steps
        steps={steps}
        nameOf={(name) => t(`new.step.${name}`)}
        current={step}
        onChoose={(next) => {
          // What was made is made: before it nothing can be gone back to, and after it nothing can be skipped.
          if (source === undefined && (next === 'kind' || (next === 'settings' && kind !== undefined))) setStep(next)
        }}
        faulty={none}
        open={kind !== undefined}
      />
      <Stack maw={640} gap="lg">
        {step === 'kind' ? (
          <ChooseKind
            chosen={kind}
            onChoose={(next) => {
              setKind(next)
              setStep('settings')
            }}
          />
        ) : null}
        {step === 'settings' && kind !== undefined ? (
          <Settings
            kind={kind}
            onMade={(made) => {
              setSource(made)
              setStep('check')
            }}
          />
        ) : null}
        {step === 'check' && source !== undefined ? (
          <Check
            source={source}
            onFound={(next) => {
              setFound(next)
              setStep('discover')
            }}
          />
        ) : null}
        {step === 'discover' && source !== undefined && found !== undefined ? <Found source={source} found={found} /> : null}
      </Stack>
    </Page>
  )
}

function ChooseKind({ chosen, onChoose }: { readonly chosen: Kind | undefined; readonly onChoose: (kind: Kind) => void }) {
  const { t } = useTranslation('custody.sources')
  const [at, setAt] = useState(chosen?.kind ?? 'file')
  return (
    <QueryView query={useQuery(kindsQuery)}>
      {(kinds) => {
        const kind = kinds.find((one) => one.kind === at)
        return (
          <>
            <Radio.Group label={t('new.step.kind')} value={at} onChange={setAt}>
              <Stack gap="sm" mt="xs">
                {kinds.map((one) => (
                  <Radio
                    key={one.kind}
                    value={one.kind}
                    label={t(`kinds.${one.kind}`, one.title)}
                    description={one.live ? (one.resumes ? t('new.liveResumes') : t('new.live')) : t('new.uploads')}
                  />
                ))}
              </Stack>
            </Radio.Group>
            {kind?.install == null ? null : (
              <Alert color={meaning.attention} title={t('new.notInstalled')}>
                <code>{kind.install}</code>
              </Alert>
            )}
            <div>
              <Button disabled={kind === undefined} onClick={() => kind !== undefined && onChoose(kind)}>
                {t('steps.next')}
              </Button>
            </div>
          </>
        )
      }}
    </QueryView>
  )
}

function Settings({ kind, onMade }: { readonly kind: Kind; readonly onMade: (source: Source) => void }) {
  const { t } = useTranslation('custody.sources')
  const navigate = useNavigate()
  const pathTo = useObjectPath()
  const fields = fieldsOf(kind.settings)
  const secretFields = fieldsOf(kind.secret, true)
  const [title, setTitle] = useState('')
  const [slug, setSlug] = useState('')
  const [settings, setSettings] = useState(() => begunWith(fields))
  const [secret, setSecret] = useState(() => begunWith(secretFields))
  const adding = useMutation({
    mutationFn: () =>
      addSource({ kind: kind.kind, title, slug, settings: settings as never, ...(secretFields.length === 0 ? {} : { secret: secret as never }) }),
    onSuccess: async (made) => {
      setSecret({})
      // Files are sent on the source's own page.
      if (kind.live) onMade(made)
      else await navigate({ to: pathTo('data_source', made.id) ?? '/custody/sources' })
    },
    gcTime: 0,
  })
  const faults = useFaults()(adding.error)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        adding.mutate()
      }}
    >
      <Stack gap="md">
        <ProblemAlert error={faults.length > 0 ? null : adding.error} />
        {faults.length > 0 ? (
          <Alert color={meaning.deny} role="alert">
            {t('new.refused', { count: faults.length })}
          </Alert>
        ) : null}
        <TextInput label={t('name')} required maxLength={200} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
        <TextInput
          label={t('slug')}
          description={t('slugHint')}
          required
          maxLength={63}
          pattern="[a-z0-9][a-z0-9\-]{0,62}"
          spellCheck={false}
          value={slug}
          error={faultsAt(faults, ['slug'])}
          onChange={(event) => setSlug(event.currentTarget.value.toLowerCase())}
        />
        <SchemaForm fields={fields} value={settings} onChange={setSettings} faults={faults} at="settings" />
        {secretFields.length === 0 ? null : (
          <>
            <Text fw={600}>{t('secret.title')}</Text>
            <Text size="sm" c="dimmed">
              {t('secret.about')}
            </Text>
            <SchemaForm fields={secretFields} value={secret} onChange={setSecret} faults={faults} at="secret" />
          </>
        )}
        <div>
          <Button type="submit" loading={adding.isPending}>
            {t(kind.live ? 'new.make' : 'new.makeFiles')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}

interface CheckProps {
  readonly source: Source
  readonly onFound: (found: Discovered) => void
}

function Check({ source: made, onFound }: CheckProps) {
  const { t } = useTranslation('custody.sources')
  const says = useSourceSays()
  const source = useQuery(sourceQuery(made.id)).data ?? made
  const checking = useMutation({ mutationFn: () => checkSource(source.id) })
  const look = useLook(source.id)
  const found = look.ended?.found ?? undefined
  useEffect(() => {
    if (found !== undefined) onFound(found)
  }, [found, onFound])
  return (
    <Stack gap="md">
      <Text>{t('check.about')}</Text>
      <Group role="status">
        <Health source={source} />
        {source.health.server === null ? null : <Text>{source.health.server}</Text>}
      </Group>
      {source.health.read_only === false ? <Alert color={meaning.attention}>{t('check.writes')}</Alert> : null}
      {source.health.detail === null ? null : <Alert color={meaning.deny}>{says({ detail: source.health.detail, said: source.health.said })}</Alert>}
      <ProblemAlert error={checking.error} />
      <LookState source={source.id} look={look} mayCancel />
      <Group>
        <Button variant={source.health.state === 'healthy' ? 'default' : 'filled'} loading={checking.isPending} onClick={() => checking.mutate()}>
          {t('check.start')}
        </Button>
        <Button disabled={source.health.state !== 'healthy'} loading={look.under_way !== undefined} onClick={look.begin}>
          {t('discover.start')}
        </Button>
      </Group>
    </Stack>
  )
}

function Found({ source, found }: { readonly source: Source; readonly found: Discovered }) {
  const { t } = useTranslation('custody.sources')
  const pathTo = useObjectPath()
  return (
    <Stack gap="md">
      <Text fw={600} role="status">
        {t('discover.found', { count: found.tables })}
      </Text>
      <LeftOut left={found.left_out} />
      {found.changes.slice(0, 20).map(({ table, changes }) => (
        <div key={table}>
          <code>{table}</code>
          <Changes changes={changes} />
        </div>
      ))}
      <div>
        <Button component={Link} to={pathTo('data_source', source.id) ?? '/custody/sources'}>
          {t('new.open_source')}
        </Button>
      </div>
    </Stack>
  )
}
