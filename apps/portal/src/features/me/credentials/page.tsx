import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { statusOf } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState, ProblemAlert } from '../../../ui/states.tsx'
import { WalletLink } from '../../../ui/wallet-link.tsx'
import { fetchMine, type MyCredential, type MyType, myCredentialsQuery, refreshMine, revokeMine } from './queries.ts'

const tones = { valid: 'permit', suspended: 'attention', revoked: 'neutral' } as const

/** A person takes one claim about themselves into their own wallet, and sees which they took before. */
export function MyCredentialsPage() {
  const { t } = useTranslation('me.credentials')
  const query = useQuery(myCredentialsQuery)
  return (
    <Page title={t('title')} about={t('about')}>
      <QueryView query={query} whole>
        {({ types, credentials }) => (
          <Stack gap="lg" maw={640}>
            {types.length === 0 ? <EmptyState title={t('none.title')} about={t('none.about')} /> : null}
            {types.map((type) => (
              <Provable key={type.id} type={type} />
            ))}
            {credentials.length === 0 ? null : (
              <section aria-labelledby="taken">
                <Title order={2} id="taken" mb="sm">
                  {t('taken')}
                </Title>
                <Stack gap="sm">
                  {credentials.map((credential) => (
                    <Taken key={credential.id} credential={credential} />
                  ))}
                </Stack>
              </section>
            )}
          </Stack>
        )}
      </QueryView>
    </Page>
  )
}

function Provable({ type }: { readonly type: MyType }) {
  const { t } = useTranslation('me.credentials')
  const fetching = useMutation({ mutationFn: () => fetchMine(type.slug) })
  const [over, setOver] = useState(false)
  const made = over ? undefined : fetching.data
  return (
    <Paper component="article" withBorder p="md" aria-label={type.name}>
      <Stack gap="sm" align="flex-start">
        <Title order={2} size="h3">
          {type.name}
        </Title>
        <Text>{t('only')}</Text>
        {statusOf(fetching.error) === 403 ? <Alert title={t('refused.title')}>{t('refused.about')}</Alert> : <ProblemAlert error={fetching.error} />}
        <Button
          loading={fetching.isPending}
          onClick={() => {
            setOver(false)
            fetching.mutate()
          }}
        >
          {t('take')}
        </Button>
      </Stack>
      {made === undefined ? null : (
        <Dialog
          opened
          onClose={() => {
            setOver(true)
            void refreshMine()
          }}
          title={type.name}
          firm
        >
          <Text>{t('scan')}</Text>
          <WalletLink uri={made.uri} picture={t('picture')} open={t('open')} label={t('link')} />
          <Alert title={t('code', { code: made.tx_code })}>{t('codeAbout')}</Alert>
          <Group justify="flex-end">
            <Button
              onClick={() => {
                setOver(true)
                void refreshMine()
              }}
            >
              {t('done')}
            </Button>
          </Group>
        </Dialog>
      )}
    </Paper>
  )
}

function Taken({ credential }: { readonly credential: MyCredential }) {
  const { t } = useTranslation('me.credentials')
  const format = useFormat()
  return (
    <Paper component="article" withBorder p="md">
      <Stack gap="xs" align="flex-start">
        <Group gap="sm">
          <Text fw={600}>{credential.name}</Text>
          <StateChip tone={tones[credential.status]}>{t(`statuses.${credential.status}`)}</StateChip>
        </Group>
        <Text size="sm" c="dimmed">
          {t('since', { day: format.longDay(credential.issued_at), end: format.longDay(credential.expires_at) })}
        </Text>
        {credential.status === 'revoked' ? null : (
          <ConfirmButton
            label={t('revoke.label')}
            title={t('revoke.title')}
            consequence={t('revoke.consequence')}
            confirm={t('revoke.confirm')}
            act={() => revokeMine(credential.id)}
          />
        )}
      </Stack>
    </Paper>
  )
}
