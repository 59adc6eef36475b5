import { Alert, Checkbox, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../governance/identity/form.tsx'
import { deploymentsQuery } from '../deployments/queries.ts'
import { type Application, type Claim, type Credentials, changeApplication, type NewApplication, register, type Settings } from './queries.ts'
import { ScopeFields } from './scope-fields.tsx'

const blank: Settings = {
  name: '',
  purpose: '',
  redirect_uris: [],
  scopes: [{ area: 'own_disclosure', level: 'read' }],
  claims: [],
  acts_by_itself: false,
  proves_key: false,
}
const claimNames: readonly Claim[] = ['profile', 'email']

export function RegisterApplication({ onClose, onRegistered }: { readonly onClose: () => void; readonly onRegistered: (credentials: Credentials) => void }) {
  const { t } = useTranslation('administration.applications')
  const [settings, setSettings] = useState(blank)
  const [confidential, setConfidential] = useState(true)
  const [elsewhere, setElsewhere] = useState<Elsewhere>()
  const registering = useMutation({
    mutationFn: () => register({ ...settings, confidential, ...(elsewhere === undefined ? {} : { elsewhere }) }),
    onSuccess: onRegistered,
    gcTime: 0,
  })
  return (
    <Dialog opened onClose={onClose} title={t('register.title')} size="lg">
      <Form onSubmit={() => registering.mutate()} submit={t('register.submit')} pending={registering.isPending} error={registering.error}>
        <Fields settings={settings} onChange={setSettings} />
        <ElsewhereFields elsewhere={elsewhere} onChange={setElsewhere} />
        {elsewhere === undefined ? (
          <Checkbox label={t('register.confidential')} checked={confidential} onChange={(event) => setConfidential(event.currentTarget.checked)} />
        ) : null}
      </Form>
    </Dialog>
  )
}

export function ChangeApplication({ application, onClose }: { readonly application: Application; readonly onClose: () => void }) {
  const { t } = useTranslation('administration.applications')
  const { name, purpose, redirect_uris, scopes, claims, acts_by_itself, proves_key, state } = application
  const [settings, setSettings] = useState<Settings>({ name, purpose, redirect_uris, scopes, claims, acts_by_itself, proves_key })
  const changing = useMutation({ mutationFn: () => changeApplication(application.id, settings), onSuccess: onClose, gcTime: 0 })
  return (
    <Dialog opened onClose={onClose} title={t('change.title', { name })} size="lg">
      {state === 'sandbox' ? null : (
        <Alert variant="default" icon={<IconInfoCircle aria-hidden />} title={t('change.back')}>
          {t(state === 'live' ? 'change.backFromLive' : 'change.backFromDesk')}
        </Alert>
      )}
      <Form onSubmit={() => changing.mutate()} submit={t('change.submit')} pending={changing.isPending} error={changing.error}>
        <Fields settings={settings} onChange={setSettings} />
      </Form>
    </Dialog>
  )
}

interface FieldsProps {
  readonly settings: Settings
  readonly onChange: (settings: Settings) => void
}

/** What is said of an application when it is registered and later. */
function Fields({ settings, onChange }: FieldsProps) {
  const { t } = useTranslation('administration.applications')
  const set = (more: Partial<Settings>) => onChange({ ...settings, ...more })
  return (
    <>
      <TextInput
        label={t('register.name')}
        required
        maxLength={100}
        value={settings.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        data-autofocus
      />
      <Textarea
        label={t('register.purpose')}
        description={t('register.purposeHint')}
        required
        maxLength={500}
        autosize
        value={settings.purpose}
        onChange={(event) => set({ purpose: event.currentTarget.value })}
      />
      <TagsInput
        label={t('redirects')}
        description={t('register.redirectsHint')}
        maxTags={10}
        splitChars={[' ']}
        value={settings.redirect_uris}
        onChange={(redirect_uris) => set({ redirect_uris })}
        acceptValueOnBlur
      />
      <ScopeFields scopes={settings.scopes} onChange={(scopes) => set({ scopes })} />
      <Checkbox.Group
        label={t('register.claims')}
        description={t('register.claimsHint')}
        value={settings.claims}
        onChange={(chosen) => set({ claims: claimNames.filter((claim) => chosen.includes(claim)) })}
      >
        <Stack gap="xs" mt="xs">
          {claimNames.map((claim) => (
            <Checkbox key={claim} value={claim} label={t(`claim.${claim}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Checkbox label={t('register.byItself')} checked={settings.acts_by_itself} onChange={(event) => set({ acts_by_itself: event.currentTarget.checked })} />
      <Checkbox label={t('register.provesKey')} checked={settings.proves_key} onChange={(event) => set({ proves_key: event.currentTarget.checked })} />
    </>
  )
}

type Elsewhere = NonNullable<NewApplication['elsewhere']>

interface ElsewhereProps {
  readonly elsewhere: Elsewhere | undefined
  readonly onChange: (elsewhere: Elsewhere | undefined) => void
}

/** Where its tokens come from; asked where the institution believes anybody else's. */
function ElsewhereFields({ elsewhere, onChange }: ElsewhereProps) {
  const { t } = useTranslation('administration.applications')
  const { data = [] } = useQuery({ ...deploymentsQuery, enabled: useCan()('read', 'deployment') })
  const believed = data.filter(({ issuer }) => issuer !== null)
  if (believed.length === 0) return null
  return (
    <>
      <Select
        label={t('elsewhere.from')}
        description={t('elsewhere.hint')}
        data={[{ value: '', label: t('elsewhere.here') }, ...believed.map(({ id, name }) => ({ value: id, label: name }))]}
        allowDeselect={false}
        value={elsewhere?.deployment ?? ''}
        onChange={(deployment) => onChange(deployment === '' || deployment === null ? undefined : { deployment, client_id: elsewhere?.client_id ?? '' })}
      />
      {elsewhere === undefined ? null : (
        <TextInput
          label={t('elsewhere.client')}
          required
          maxLength={200}
          spellCheck={false}
          value={elsewhere.client_id}
          onChange={(event) => onChange({ ...elsewhere, client_id: event.currentTarget.value })}
        />
      )}
    </>
  )
}
