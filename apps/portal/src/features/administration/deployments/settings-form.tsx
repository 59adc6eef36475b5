import { Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../governance/identity/form.tsx'
import { changeDeployment, type Deployment, trust } from './queries.ts'

/** As it stands in the fields: what is not said is empty. */
interface Settings {
  readonly name: string
  readonly issuer: string
  readonly keys: string
  readonly audience: string
}

export function TrustDeployment({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('administration.deployments')
  const [settings, setSettings] = useState<Settings>({ name: '', issuer: '', keys: '', audience: '' })
  const { name, issuer, keys, audience } = settings
  const trusting = useMutation({
    mutationFn: () => trust({ name, ...(issuer === '' ? {} : { issuer, jwks_uri: keys }), ...(audience === '' ? {} : { audience }) }),
    onSuccess: onClose,
  })
  return (
    <Dialog opened onClose={onClose} title={t('add.title')} size="lg">
      <Form onSubmit={() => trusting.mutate()} submit={t('add.submit')} pending={trusting.isPending} error={trusting.error}>
        <Text size="sm" c="dimmed">
          {t('either')}
        </Text>
        <Fields settings={settings} onChange={setSettings} fresh />
      </Form>
    </Dialog>
  )
}

export function ChangeDeployment({ deployment, onClose }: { readonly deployment: Deployment; readonly onClose: () => void }) {
  const { t } = useTranslation('administration.deployments')
  const { id, issuer, jwks_uri } = deployment
  const [settings, setSettings] = useState<Settings>({
    name: deployment.name,
    issuer: issuer ?? '',
    keys: jwks_uri ?? '',
    audience: deployment.audience ?? '',
  })
  const { name, keys, audience } = settings
  const changing = useMutation({
    mutationFn: () => changeDeployment(id, { name, ...(issuer === null ? {} : { jwks_uri: keys }), audience: audience === '' ? null : audience }),
    onSuccess: onClose,
  })
  return (
    <Dialog opened onClose={onClose} title={t('change.title', { name: deployment.name })} size="lg">
      <Form onSubmit={() => changing.mutate()} submit={t('change.submit')} pending={changing.isPending} error={changing.error}>
        <Fields settings={settings} onChange={setSettings} />
      </Form>
    </Dialog>
  )
}

interface FieldsProps {
  readonly settings: Settings
  readonly onChange: (settings: Settings) => void
  /** Only a new one is asked who it is. */
  readonly fresh?: boolean
}

function Fields({ settings, onChange, fresh = false }: FieldsProps) {
  const { t } = useTranslation('administration.deployments')
  const { name, issuer, keys, audience } = settings
  const set = (more: Partial<Settings>) => onChange({ ...settings, ...more })
  return (
    <>
      <TextInput label={t('name')} required maxLength={100} value={name} onChange={(event) => set({ name: event.currentTarget.value })} data-autofocus />
      {fresh ? (
        <TextInput
          label={t('issuer')}
          description={t('issuerHint')}
          placeholder="https://login.example.org/"
          type="url"
          required={audience === '' || keys !== ''}
          maxLength={300}
          spellCheck={false}
          value={issuer}
          onChange={(event) => set({ issuer: event.currentTarget.value })}
        />
      ) : null}
      {fresh || issuer !== '' ? (
        <TextInput
          label={t('keys')}
          description={t('keysHint')}
          type="url"
          required={issuer !== ''}
          maxLength={500}
          spellCheck={false}
          value={keys}
          onChange={(event) => set({ keys: event.currentTarget.value })}
        />
      ) : null}
      <TextInput
        label={t('audience')}
        description={t('audienceHint')}
        type="url"
        required={issuer === ''}
        maxLength={500}
        spellCheck={false}
        value={audience}
        onChange={(event) => set({ audience: event.currentTarget.value })}
      />
    </>
  )
}
