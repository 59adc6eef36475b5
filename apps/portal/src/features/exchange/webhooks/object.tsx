import { Alert, Button, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan, useSession } from '../../../session.ts'
import { meaning } from '../../../theme.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId, shortened } from '../../../ui/short-id.tsx'
import { ShownOnce } from '../../../ui/shown-once.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { Deliveries } from './deliveries.tsx'
import { deleteWebhook, rotateSecret, sendTest, setState, type WebhookWithDeliveries, webhookQuery, webhooksKey } from './queries.ts'
import { WebhookState } from './state.tsx'

const lookEveryMs = 1_000
const expectedMs = 15_000

export function WebhookPage() {
  const { webhook = '' } = useParams({ strict: false }) as { webhook?: string }
  useLive(['*'], [...webhooksKey, webhook])
  // An attempt leaves no entry in the ledger, so nothing tells of it: for a moment after one was asked for, the page looks by itself.
  const [expecting, setExpecting] = useState(0)
  const query = useQuery({ ...webhookQuery(webhook), refetchInterval: () => (Date.now() < expecting ? lookEveryMs : false) })
  return (
    <QueryView whole query={query}>
      {(found) => <Shown webhook={found} onSent={() => setExpecting(Date.now() + expectedMs)} />}
    </QueryView>
  )
}

function Shown({ webhook, onSent }: { readonly webhook: WebhookWithDeliveries; readonly onSent: () => void }) {
  const { t } = useTranslation('exchange.webhooks')
  const navigate = useNavigate()
  const can = useCan()
  const session = useSession()
  const [secret, setSecret] = useState<string>()
  const acting = useMutation({ mutationFn: (act: () => Promise<unknown>) => act() })
  const test = async () => {
    await sendTest(webhook.id)
    onSent()
    void say(t('test.sent'))
  }
  const active = webhook.state === 'active'
  const owns = (session.partner ?? null) === webhook.owner
  return (
    <ObjectPage
      kind="webhook"
      id={webhook.id}
      title={t('one', { id: shortened(webhook.id) })}
      chip={<WebhookState state={webhook.state} />}
      about={t('aboutOne')}
      actions={
        can('update', 'webhook') ? (
          <>
            {active ? (
              <Button variant="default" loading={acting.isPending} onClick={() => acting.mutate(test)}>
                {t('test.label')}
              </Button>
            ) : null}
            <Button variant="default" loading={acting.isPending} onClick={() => acting.mutate(() => setState(webhook.id, active ? 'paused' : 'active'))}>
              {t(active ? 'pause' : 'resume')}
            </Button>
            {owns ? (
              <ConfirmButton
                label={t('rotate.label')}
                title={t('rotate.title')}
                consequence={t('rotate.consequence')}
                confirm={t('rotate.confirm')}
                act={async () => setSecret((await rotateSecret(webhook.id)).secret)}
              />
            ) : null}
            {can('delete', 'webhook') ? (
              <ConfirmButton
                label={t('delete.label')}
                title={t('delete.title')}
                consequence={t('delete.consequence')}
                confirm={t('delete.confirm')}
                act={async () => {
                  await navigate({ to: '/exchange/webhooks' })
                  await deleteWebhook(webhook.id)
                }}
              />
            ) : null}
          </>
        ) : undefined
      }
    >
      <Stack gap="lg">
        <ProblemAlert error={acting.error} />
        {secret === undefined ? null : (
          <ShownOnce title={t('secret.title')} about={t('secret.about')} text={secret} label={t('secret.label')} onClose={() => setSecret(undefined)} />
        )}
        {webhook.state === 'parked' ? <Alert color={meaning.deny}>{t('parked')}</Alert> : null}
        <Facts
          facts={[
            { label: t('id'), value: <ShortId id={webhook.id} /> },
            { label: t('url'), value: webhook.url },
            { label: t('types'), value: webhook.types === 'all' ? t('allTypes') : webhook.types.join(', ') },
            { label: t('owner'), value: webhook.owner === null ? t('institution') : <ShortId id={webhook.owner} kind="partner" /> },
            { label: t('lastDelivered'), value: webhook.last_delivered_at === null ? null : <Moment at={webhook.last_delivered_at} /> },
            { label: t('createdAt'), value: <Moment at={webhook.created_at} /> },
          ]}
        />
        <Deliveries webhook={webhook} onSent={onSent} />
      </Stack>
    </ObjectPage>
  )
}
