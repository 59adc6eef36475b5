import { ActionIcon, Button, Checkbox, Group, MultiSelect, PasswordInput, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../../governance/identity/form.tsx'
import { staffRoles } from '../../governance/people/queries.ts'
import { groupsClaimOf, issuerOf, type Kind, kinds } from './kinds.ts'
import { addProvider, changeProvider, type Protocol, type Provider, type ProviderSettings, type SamlSettings, teamsQuery } from './queries.ts'
import { blankSaml, SamlFields } from './saml-fields.tsx'

const blank: ProviderSettings = {
  name: '',
  domains: [],
  groups_claim: null,
  teams: [],
  creates_accounts: false,
  roles: [],
  required: false,
  signs_out: false,
  trusts_email: false,
  factors: [],
}

const protocols: readonly Protocol[] = ['oidc', 'saml']

export function AddProvider({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('administration.identity-providers')
  const [kind, setKind] = useState<Kind>('okta')
  const [protocol, setProtocol] = useState<Protocol>('oidc')
  const [issuer, setIssuer] = useState('')
  const [client, setClient] = useState(blankClient)
  const [saml, setSaml] = useState(blankSaml)
  const [settings, setSettings] = useState(blank)
  const speaks = (next: Protocol) => {
    setProtocol(next)
    // SAML has no word for an address that was verified.
    setSettings((before) => ({ ...before, trusts_email: next === 'saml' }))
  }
  const adding = useMutation({
    mutationFn: () => addProvider({ ...settings, issuer, ...(protocol === 'saml' ? { saml } : { client_id: client.id, client_secret: client.secret }) }),
    onSuccess: onClose,
    gcTime: 0,
  })
  return (
    <Dialog opened onClose={onClose} title={t('add.title')} size="lg">
      <Form onSubmit={() => adding.mutate()} submit={t('add.submit')} pending={adding.isPending} error={adding.error}>
        <Select
          label={t('kind')}
          data={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          allowDeselect={false}
          value={kind}
          onChange={(value) => setKind(kinds.find((one) => one === value) ?? kind)}
          data-autofocus
        />
        <Select
          label={t('protocol')}
          data={protocols.map((value) => ({ value, label: t(`protocols.${value}`) }))}
          allowDeselect={false}
          value={protocol}
          onChange={(value) => speaks(protocols.find((one) => one === value) ?? protocol)}
        />
        <Text size="sm" c="dimmed">
          {t(protocol === 'saml' ? `samlHint.${kind}` : `hint.${kind}`)}
        </Text>
        {protocol === 'saml' ? <SamlFields saml={saml} onChange={setSaml} onIssuer={setIssuer} /> : null}
        <TextInput
          label={t('issuer')}
          description={t(protocol === 'saml' ? 'saml.issuerHint' : 'issuerHint')}
          placeholder={protocol === 'saml' ? '' : issuerOf[kind]}
          type={protocol === 'saml' ? 'text' : 'url'}
          required
          maxLength={300}
          spellCheck={false}
          value={issuer}
          onChange={(event) => setIssuer(event.currentTarget.value)}
        />
        {protocol === 'oidc' ? <ClientFields client={client} onChange={setClient} fresh /> : null}
        <Fields settings={settings} onChange={setSettings} groupsClaim={groupsClaimOf[kind]} />
      </Form>
    </Dialog>
  )
}

export function ChangeProvider({ provider, onClose }: { readonly provider: Provider; readonly onClose: () => void }) {
  const { t } = useTranslation('administration.identity-providers')
  const { name, client_id, groups_claim, teams, creates_accounts, roles, required, signs_out, trusts_email, factors } = provider
  const [client, setClient] = useState({ id: client_id ?? '', secret: '' })
  const [saml, setSaml] = useState(() => samlOf(provider))
  const [settings, setSettings] = useState<ProviderSettings>({
    name,
    domains: provider.domains.map(({ domain }) => domain),
    groups_claim,
    teams,
    creates_accounts,
    roles,
    required,
    signs_out,
    trusts_email,
    factors,
  })
  const changing = useMutation({
    mutationFn: () =>
      changeProvider(provider.id, {
        ...settings,
        ...(saml !== null ? { saml } : { client_id: client.id, ...(client.secret === '' ? {} : { client_secret: client.secret }) }),
      }),
    onSuccess: onClose,
    gcTime: 0,
  })
  return (
    <Dialog opened onClose={onClose} title={t('change.title', { name })} size="lg">
      <Form onSubmit={() => changing.mutate()} submit={t('change.submit')} pending={changing.isPending} error={changing.error}>
        {saml === null ? <ClientFields client={client} onChange={setClient} /> : <SamlFields saml={saml} onChange={setSaml} />}
        <Fields settings={settings} onChange={setSettings} groupsClaim={groups_claim ?? 'groups'} />
      </Form>
    </Dialog>
  )
}

function samlOf({ saml }: Provider): SamlSettings | null {
  if (saml === null) return null
  const { entry_point, logout_url, certificates, signed, signs_requests, subject_attribute } = saml
  return { entry_point, logout_url, certificates: certificates.map(({ pem }) => pem.trim()), signed, signs_requests, subject_attribute }
}

interface Client {
  readonly id: string
  readonly secret: string
}

const blankClient: Client = { id: '', secret: '' }

interface ClientProps {
  readonly client: Client
  readonly onChange: (client: Client) => void
  readonly fresh?: boolean
}

function ClientFields({ client, onChange, fresh = false }: ClientProps) {
  const { t } = useTranslation('administration.identity-providers')
  return (
    <>
      <TextInput
        label={t('clientId')}
        required
        maxLength={200}
        spellCheck={false}
        value={client.id}
        onChange={(event) => onChange({ ...client, id: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('secret')}
        description={t(fresh ? 'secretHint' : 'secretAnew')}
        required={fresh}
        maxLength={1000}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': t('showSecret'), tabIndex: 0 }}
        value={client.secret}
        onChange={(event) => onChange({ ...client, secret: event.currentTarget.value })}
      />
    </>
  )
}

interface FieldsProps {
  readonly settings: ProviderSettings
  readonly onChange: (settings: ProviderSettings) => void
  /** Proposed where a team is to follow a group. */
  readonly groupsClaim: string
}

function Fields({ settings, onChange, groupsClaim }: FieldsProps) {
  const { t } = useTranslation('administration.identity-providers')
  const { t: words } = useTranslation()
  const set = (more: Partial<ProviderSettings>) => onChange({ ...settings, ...more })
  return (
    <>
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        required
        maxLength={100}
        value={settings.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TagsInput
        label={t('domains')}
        description={t('domainsHint')}
        placeholder="example.org"
        maxTags={20}
        value={settings.domains}
        onChange={(domains) => set({ domains: domains.map((domain) => domain.trim().toLowerCase()) })}
      />
      <Checkbox
        label={t('creates')}
        description={t('createsHint')}
        checked={settings.creates_accounts}
        onChange={(event) => set({ creates_accounts: event.currentTarget.checked })}
      />
      {settings.creates_accounts ? (
        <MultiSelect
          label={t('roles')}
          description={t('rolesHint')}
          data={staffRoles.map((value) => ({ value, label: words(`role.${value}`) }))}
          value={settings.roles}
          onChange={(roles) => set({ roles: staffRoles.filter((role) => roles.includes(role)) })}
        />
      ) : null}
      <Checkbox
        label={t('required')}
        description={t('requiredHint')}
        checked={settings.required}
        onChange={(event) => set({ required: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('signsOut')}
        description={t('signsOutHint')}
        checked={settings.signs_out}
        onChange={(event) => set({ signs_out: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('trusts')}
        description={t('trustsHint')}
        checked={settings.trusts_email}
        onChange={(event) => set({ trusts_email: event.currentTarget.checked })}
      />
      <TagsInput
        label={t('factors')}
        description={t('factorsHint')}
        placeholder="mfa"
        maxTags={10}
        value={settings.factors}
        onChange={(factors) => set({ factors })}
      />
      <Teams settings={settings} set={set} groupsClaim={groupsClaim} />
    </>
  )
}

function Teams({ settings, set, groupsClaim }: Pick<FieldsProps, 'settings' | 'groupsClaim'> & { readonly set: (more: Partial<ProviderSettings>) => void }) {
  const { t } = useTranslation('administration.identity-providers')
  const known = useQuery(teamsQuery).data ?? []
  const { teams } = settings
  const [first] = known
  const change = (place: number, more: Partial<(typeof teams)[number]>) => set({ teams: teams.map((row, at) => (at === place ? { ...row, ...more } : row)) })
  return (
    <Stack gap="xs">
      <Text fw={500} size="sm">
        {t('teams')}
      </Text>
      <Text size="xs" c="dimmed">
        {t(first === undefined ? 'teamsNone' : 'teamsHint')}
      </Text>
      {teams.length === 0 ? null : (
        <TextInput
          label={t('groupsClaim')}
          required
          maxLength={100}
          spellCheck={false}
          value={settings.groups_claim ?? ''}
          onChange={(event) => set({ groups_claim: event.currentTarget.value })}
        />
      )}
      {teams.map((row, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name until it is saved, and rows keep their order
        <Group key={place} gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            label={t('group')}
            required
            maxLength={200}
            flex={1}
            value={row.group}
            onChange={(event) => change(place, { group: event.currentTarget.value })}
          />
          <Select
            label={t('team')}
            data={known.map(({ id, name }) => ({ value: id, label: name }))}
            allowDeselect={false}
            flex={1}
            value={row.team}
            onChange={(team) => change(place, { team: team ?? row.team })}
          />
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={t('removeGroup', { group: row.group })}
            onClick={() => set({ teams: teams.filter((_, at) => at !== place), ...(teams.length === 1 ? { groups_claim: null } : {}) })}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {first === undefined ? null : (
        <Group>
          <Button
            variant="default"
            size="compact-md"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set({ teams: [...teams, { group: '', team: first.id }], groups_claim: settings.groups_claim ?? groupsClaim })}
          >
            {t('addGroup')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
