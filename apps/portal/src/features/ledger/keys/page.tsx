/** Which keys there are, how old each is, what lies under it, and how far a change has come. No key is ever shown. */
import { Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Epochs } from './epochs.tsx'
import { type Keys, keysKey, keysQuery, rotateKey } from './queries.ts'
import { Rotations } from './rotations.tsx'
import { SigningGenerations } from './signing-generations.tsx'
import { SigningKeys } from './signing-keys.tsx'
import { TenantKeys } from './tenant-keys.tsx'

export function KeysPage() {
  const { t } = useTranslation('ledger.keys')
  useLive(['keyring.*'], keysKey)
  const query = useQuery(keysQuery)
  return (
    <Page title={t('title')} about={t('about')} actions={<Rotate />}>
      <QueryView query={query}>{(keys) => <Shown keys={keys} readAt={query.dataUpdatedAt} />}</QueryView>
    </Page>
  )
}

function Rotate() {
  const { t } = useTranslation('ledger.keys')
  const can = useCan()
  const format = useFormat()
  if (!can('update', 'key')) return null
  return (
    <ConfirmButton
      label={t('rotate.label')}
      title={t('rotate.title')}
      consequence={t('rotate.consequence')}
      confirm={t('rotate.confirm')}
      act={async () => void say(t('rotate.done', { version: format.number(await rotateKey()) }))}
    />
  )
}

function Shown({ keys, readAt }: { readonly keys: Keys; readonly readAt: number }) {
  const { t } = useTranslation('ledger.keys')
  const newest = keys.tenant_keys.reduce((highest, { version }) => Math.max(highest, version), 0)
  const current = keys.tenant_keys.find(({ version }) => version === newest)
  return (
    <Stack gap="xl">
      <Stack component="section" gap="sm" aria-labelledby="root">
        <Title order={2} id="root">
          {t('root.title')}
        </Title>
        <Text c="dimmed" maw={720}>
          {t('root.about')}
        </Text>
        <Facts
          facts={[
            { label: t('root.kind'), value: t(`root.kinds.${keys.root.kind}`, keys.root.kind) },
            { label: t('root.current'), value: current === undefined ? null : t('version', { version: current.version }) },
            { label: t('root.age'), value: current === undefined ? null : <Moment at={current.created_at} /> },
            { label: t('root.next'), value: keys.next_epoch_at === null ? null : <Moment at={keys.next_epoch_at} /> },
          ]}
        />
      </Stack>
      <Rotations rotations={keys.rotations} />
      <TenantKeys keys={keys.tenant_keys} newest={newest} />
      <Epochs epochs={keys.epochs} />
      <SigningGenerations keys={keys.signing_keys} readAt={readAt} />
      <SigningKeys secrets={keys.named_secrets} />
      <Text size="sm" c="dimmed">
        {t('docs')} <code>gatehouse keys ceremony --help</code>
      </Text>
    </Stack>
  )
}
