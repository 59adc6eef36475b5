import { Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Card, CardPage } from '../../../ui/card-page.tsx'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { ShownOnce } from '../../../ui/shown-once.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { endToken, issueToken, type Provider, proveDomain, providersQuery, removeProvider, tryProvider } from './queries.ts'
import { AddProvider, ChangeProvider } from './settings-form.tsx'

export function IdentityProvidersPage() {
  const { t } = useTranslation('administration.identity-providers')
  const can = useCan()
  return (
    <CardPage
      title={t('title')}
      about={t('about')}
      add={can('create', 'identity_provider') ? t('add.open') : undefined}
      dialog={(close) => <AddProvider onClose={close} />}
      query={useQuery(providersQuery)}
      empty={{ title: t('empty.title'), about: t('empty.about') }}
    >
      {(provider) => <ProviderCard provider={provider} />}
    </CardPage>
  )
}

function ProviderCard({ provider }: { readonly provider: Provider }) {
  const { t, i18n } = useTranslation('administration.identity-providers')
  const { t: words } = useTranslation()
  const dates = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' })
  const may = useCan()('update', 'identity_provider')
  const [changing, { open, close }] = useDisclosure()
  const trying = useMutation({ mutationFn: () => tryProvider(provider.id) })
  const { name, issuer, creates_accounts, roles, required, factors, teams, saml } = provider
  const made = roles.length === 0 ? t('madeBare') : t('madeWith', { roles: roles.map((role) => words(`role.${role}`)).join(', ') })
  const samlFacts = [
    { label: t('saml.entryPoint'), value: <code>{saml?.entry_point}</code> },
    { label: t('saml.certificates'), value: saml?.certificates.map(({ ends_at }) => t('saml.until', { date: dates.format(new Date(ends_at)) })).join(', ') },
  ]
  return (
    <Card
      name={name}
      chips={
        <>
          <StateChip tone="neutral">{t(`protocols.${provider.protocol}`)}</StateChip>
          {required ? <StateChip tone="attention">{t('requiredChip')}</StateChip> : null}
        </>
      }
      actions={
        may ? (
          <>
            <Button variant="default" loading={trying.isPending} onClick={() => trying.mutate()}>
              {t('try')}
            </Button>
            <Button variant="default" onClick={open}>
              {t('change.open')}
            </Button>
            <ConfirmButton
              label={t('remove.open')}
              title={t('remove.title', { name })}
              consequence={t('remove.consequence')}
              confirm={t('remove.confirm')}
              act={() => removeProvider(provider.id)}
            />
          </>
        ) : null
      }
    >
      <div role="status">
        <ProblemAlert error={trying.error} />
        {trying.data === undefined ? null : (
          <Stack gap={4} align="flex-start">
            <StateChip tone={trying.data.usable ? 'permit' : 'deny'}>{t(trying.data.usable ? 'tried.well' : 'tried.ill')}</StateChip>
            <Text size="sm">
              {trying.data.fault ?? t(saml === null ? 'tried.about' : 'tried.aboutSaml', { algorithms: trying.data.algorithms.join(', ') })}
            </Text>
          </Stack>
        )}
      </div>
      <Facts
        facts={[
          { label: t('issuer'), value: <code>{issuer}</code> },
          ...(saml === null ? [{ label: t('clientId'), value: <code>{provider.client_id}</code> }] : samlFacts),
          { label: t('newcomers'), value: creates_accounts ? made : t('madeNone') },
          { label: t('factors'), value: factors.length === 0 ? t('factorsNone') : factors.join(', ') },
          { label: t('teams'), value: teams.length === 0 ? t('teamsFollowNone') : teams.map(({ group }) => group).join(', ') },
        ]}
      />
      {saml === null ? <Address label={t('redirect')} text={provider.redirect_uri} of={name} /> : null}
      {saml === null ? null : (
        <>
          <Address label={t('saml.toldMetadata')} text={saml.metadata_uri} of={name} />
          <Address label={t('saml.toldAcs')} text={saml.acs_uri} of={name} />
        </>
      )}
      {provider.signs_out && saml === null ? <Address label={t('signedOut')} text={provider.signed_out_uri} of={name} /> : null}
      {provider.backchannel_logout_uri === null ? null : <Address label={t('backchannel')} text={provider.backchannel_logout_uri} of={name} />}
      <Address label={t('link')} text={provider.sign_in_uri} of={name} />
      {may ? <Directory provider={provider} /> : null}
      {provider.domains.map((domain) => (
        <Domain key={domain.domain} provider={provider.id} domain={domain} may={may} />
      ))}
      {changing ? <ChangeProvider provider={provider} onClose={close} /> : null}
    </Card>
  )
}

interface AddressProps {
  readonly label: string
  readonly text: string
  /** Whose it is: several providers stand on the page. */
  readonly of: string
}

function Address({ label, text, of }: AddressProps) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {label}
      </Text>
      <Copyable text={text} label={`${label}: ${of}`} />
    </div>
  )
}

/** Whether the provider's directory keeps people and teams by itself. */
function Directory({ provider: { id, name, provisioned } }: { readonly provider: Provider }) {
  const { t } = useTranslation('administration.identity-providers')
  const issuing = useMutation({ mutationFn: () => issueToken(id), gcTime: 0 })
  return (
    <section aria-label={`${t('directory.title')}: ${name}`}>
      <Group gap="sm" mb={4}>
        <Text fw={500}>{t('directory.title')}</Text>
        <StateChip tone={provisioned ? 'permit' : 'neutral'}>{t(provisioned ? 'directory.on' : 'directory.off')}</StateChip>
      </Group>
      <Stack gap="xs">
        <Text size="sm">{t('directory.about')}</Text>
        <ProblemAlert error={issuing.error} />
        <Group gap="xs">
          <Button variant="default" loading={issuing.isPending} onClick={() => issuing.mutate()}>
            {t(provisioned ? 'directory.anew' : 'directory.issue')}
          </Button>
          {provisioned ? (
            <ConfirmButton
              label={t('directory.end')}
              title={t('directory.endTitle', { name })}
              consequence={t('directory.endConsequence')}
              confirm={t('directory.end')}
              act={() => endToken(id)}
            />
          ) : null}
        </Group>
      </Stack>
      {issuing.data === undefined ? null : (
        <ShownOnce
          title={t('directory.shown')}
          about={t('directory.shownAbout', { base: issuing.data.base_uri })}
          text={issuing.data.token}
          label={t('directory.token')}
          onClose={() => issuing.reset()}
        />
      )}
    </section>
  )
}

interface DomainProps {
  readonly provider: string
  readonly domain: Provider['domains'][number]
  readonly may: boolean
}

function Domain({ provider, domain: { domain, record, value, verified_at }, may }: DomainProps) {
  const { t } = useTranslation('administration.identity-providers')
  const proving = useMutation({ mutationFn: () => proveDomain(provider, domain) })
  return (
    <section aria-label={domain}>
      <Group gap="sm" mb={4}>
        <Text fw={500}>{domain}</Text>
        <StateChip tone={verified_at === null ? 'attention' : 'permit'}>{t(verified_at === null ? 'unproven' : 'proven')}</StateChip>
      </Group>
      {verified_at !== null ? null : (
        <Stack gap="xs">
          <Text size="sm">{t('prove.about')}</Text>
          <Copyable text={`${record} TXT "${value}"`} label={t('prove.record', { domain })} />
          <ProblemAlert error={proving.error} />
          {may ? (
            <Group>
              <Button variant="default" loading={proving.isPending} onClick={() => proving.mutate()} aria-label={t('prove.for', { domain })}>
                {t('prove.open')}
              </Button>
            </Group>
          ) : null}
        </Stack>
      )}
    </section>
  )
}
