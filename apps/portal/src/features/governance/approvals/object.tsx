import { Alert, Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconShieldCheck, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { queryClient, useCan, useSession } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { say } from '../../../ui/notices.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { Who } from '../../../ui/who.tsx'
import { Differences } from '../policies/differences.tsx'
import { policiesKey, publishVersion, versionQuery } from '../policies/queries.ts'
import { Rules } from '../policies/rules.tsx'
import { approvalNews, approvalsKey, type Waiting, waitingQuery, withdrawApproval } from './queries.ts'
import type { Asked } from './requests.ts'
import { isMyTurn } from './turn.ts'
import { useAskedWords } from './words.ts'

export function ApprovalPage() {
  const { t } = useTranslation('governance.approvals')
  const { approval: id = '' } = useParams({ strict: false }) as { approval?: string }
  useLive(approvalNews, approvalsKey)
  const query = useQuery(waitingQuery)
  return (
    <QueryView whole query={query}>
      {(waiting) => {
        const approval = waiting.find((one) => one.id === id)
        if (approval !== undefined) return <Open approval={approval} />
        return (
          <EmptyState
            whole
            title={t('over.title')}
            about={t('over.about')}
            action={
              <Button component={Link} to="/governance/approvals" variant="default">
                {t('over.back')}
              </Button>
            }
          />
        )
      }}
    </QueryView>
  )
}

function Open({ approval }: { readonly approval: Waiting }) {
  const { t } = useTranslation('governance.approvals')
  const session = useSession()
  const { asked, erasure } = approval
  const wordsOf = useAskedWords()
  const myTurn = isMyTurn(approval, session)
  return (
    <ObjectPage
      kind="approval"
      id={approval.id}
      title={wordsOf(approval)}
      chip={<StateChip tone="attention">{t('have', { have: approval.voters.length, need: approval.need })}</StateChip>}
      about={t('aboutOne')}
      actions={<Actions approval={approval} myTurn={myTurn} />}
    >
      <Stack gap="lg">
        {myTurn ? null : (
          <Alert variant="default" icon={<IconUsers aria-hidden />}>
            {t(approval.voters.includes(session.user?.id ?? '') ? 'youAsked' : 'notYours')}
          </Alert>
        )}
        <Facts
          facts={[
            { label: t('author'), value: <Who id={approval.author} /> },
            { label: t('askedAt'), value: <Moment at={approval.created_at} /> },
            { label: t('due'), value: <Moment at={approval.expires_at} /> },
            { label: t('id'), value: <ShortId id={approval.id} /> },
          ]}
        />
        {asked === undefined ? null : <Evidence asked={asked} digest={approval.request_digest} />}
        {erasure === undefined ? null : (
          <div>
            <Button component={Link} to="/ledger/erasures/$erasure" params={{ erasure } as never}>
              {t('openErasure')}
            </Button>
          </div>
        )}
        {asked === undefined && erasure === undefined ? <Untold approval={approval} /> : null}
      </Stack>
    </ObjectPage>
  )
}

function Actions({ approval, myTurn }: { readonly approval: Waiting; readonly myTurn: boolean }) {
  const { t } = useTranslation('governance.approvals')
  const navigate = useNavigate()
  const can = useCan()
  const session = useSession()
  const { asked } = approval
  const mine = approval.author === session.user?.id
  const leave = async (message: string) => {
    void say(message)
    await Promise.all([queryClient.invalidateQueries({ queryKey: approvalsKey }), queryClient.invalidateQueries({ queryKey: policiesKey })])
  }
  return (
    <>
      {myTurn && asked !== undefined ? (
        <ConfirmButton
          label={t('approve.label')}
          title={t('approve.title', { version: asked.version, title: asked.policy.title })}
          consequence={t('approve.consequence')}
          confirm={t('approve.confirm')}
          act={async () => {
            const outcome = await publishVersion(asked.key, asked.version)
            await leave(outcome === 'done' ? t('approve.done') : t('approve.counted'))
            if (outcome === 'done') await navigate({ to: '/governance/policies/$policy', params: { policy: asked.policy.id } })
          }}
        />
      ) : null}
      {can('delete', 'approval') ? (
        <ConfirmButton
          label={t(mine ? 'withdraw.label' : 'decline.label')}
          title={t(mine ? 'withdraw.title' : 'decline.title')}
          consequence={t('withdraw.consequence')}
          confirm={t(mine ? 'withdraw.confirm' : 'decline.confirm')}
          act={async () => {
            await withdrawApproval(approval.id)
            await leave(t('withdraw.done'))
            await navigate({ to: '/governance/approvals' })
          }}
        />
      ) : null}
    </>
  )
}

/** Everything that the decision needs: what changes, and how it reads afterwards. */
function Evidence({ asked: { policy, version }, digest }: { readonly asked: Asked; readonly digest: string }) {
  const { t } = useTranslation('governance.approvals')
  const query = useQuery(versionQuery(policy.id, version))
  return (
    <>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <IconShieldCheck size={20} aria-hidden style={{ flexShrink: 0 }} />
        <Text>
          {t('checked')} <code style={{ overflowWrap: 'anywhere' }}>{digest.slice(0, 16)}…</code>
        </Text>
      </Group>
      <Text>
        <Anchor renderRoot={(props) => <Link {...props} to="/governance/policies/$policy" params={{ policy: policy.id } as never} />}>{t('openPolicy')}</Anchor>
      </Text>
      <section aria-labelledby="changes">
        <Title order={2} id="changes" mb="sm">
          {policy.active_version === null ? t('first') : t('changes', { version: policy.active_version })}
        </Title>
        {policy.active_version === null ? (
          <Text c="dimmed">{t('firstAbout')}</Text>
        ) : (
          <Differences policy={policy.id} from={policy.active_version} to={version} />
        )}
      </section>
      <section aria-labelledby="rules">
        <Title order={2} id="rules" mb="sm">
          {t('rules')}
        </Title>
        <QueryView query={query}>{(found) => <Rules document={found.document} explained={found.explained} />}</QueryView>
      </section>
    </>
  )
}

function Untold({ approval }: { readonly approval: Waiting }) {
  const { t } = useTranslation('governance.approvals')
  return (
    <Alert variant="default" title={t('untold.title')}>
      <Stack gap="sm">
        <Text>{t('untold.about')}</Text>
        <Copyable text={approval.request_digest} label={t('untold.digest')} />
      </Stack>
    </Alert>
  )
}
