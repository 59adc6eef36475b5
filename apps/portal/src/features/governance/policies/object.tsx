import { Alert, Button, Stack, Text, Title } from '@mantine/core'
import { IconClock, IconPencil } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { queryClient, useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { approvalNews, approvalsKey, waitingQuery } from '../approvals/queries.ts'
import { CompareTab } from './compare.tsx'
import { asPolicy } from './document.ts'
import { PutInForce } from './publish-button.tsx'
import { type Policy, policiesKey, policyNews, policyQuery, retirePolicy } from './queries.ts'
import { Rules } from './rules.tsx'
import { PolicyState } from './state.tsx'
import { PolicyTrial } from './trial.tsx'
import { VersionsTab } from './versions.tsx'

export function PolicyPage() {
  const { policy = '' } = useParams({ strict: false }) as { policy?: string }
  useLive(policyNews, [...policiesKey, policy])
  const query = useQuery(policyQuery(policy))
  return (
    <QueryView whole query={query}>
      {(found) => <Found policy={found} />}
    </QueryView>
  )
}

function Found({ policy }: { readonly policy: Policy }) {
  const { t } = useTranslation('governance.policies')
  const can = useCan()
  const { shown, versions, retired_at } = policy
  const active = versions.find(({ state }) => state === 'active')
  const newest = versions[0]
  const draft = newest?.state === 'draft' ? newest : undefined
  const document = asPolicy(shown.document)
  const open = retired_at === null
  return (
    <ObjectPage
      kind="policy"
      id={policy.id}
      title={document?.title ?? policy.uid}
      chip={<PolicyState state={open ? (active === undefined ? 'draft' : 'active') : 'retired'} />}
      about={t('aboutOne', { assignee: document?.assignee === '*' ? t('everyPartner') : document?.assignee })}
      actions={
        <>
          {open && can('update', 'policy') ? (
            <Button
              component={Link}
              to="/governance/policies/$policy/edit"
              params={{ policy: policy.id } as never}
              leftSection={<IconPencil size={16} aria-hidden />}
            >
              {t('edit.open')}
            </Button>
          ) : null}
          {open && can('delete', 'policy') ? (
            <ConfirmButton
              label={t('retire.label')}
              title={t('retire.title')}
              consequence={t('retire.consequence')}
              confirm={t('retire.confirm')}
              act={async () => {
                await retirePolicy(policy.id)
                await queryClient.invalidateQueries({ queryKey: policiesKey })
              }}
            />
          ) : null}
        </>
      }
      tabs={[
        { name: 'versions', label: t('tab.versions'), content: <VersionsTab policy={policy} /> },
        { name: 'compare', label: t('tab.compare'), content: <CompareTab policy={policy} /> },
        ...(can('use', 'policy') && document !== undefined
          ? [{ name: 'try', label: t('tab.try'), content: <PolicyTrial policy={document} subject={{ policy: policy.id, version: shown.version }} /> }]
          : []),
      ]}
    >
      <Stack gap="lg">
        {draft === undefined ? null : <Pending policy={policy} version={draft.version} active={active?.version} />}
        <Facts
          facts={[
            { label: t('assignee'), value: document?.assignee === '*' ? t('everyPartner') : document?.assignee },
            { label: t('inForce'), value: active === undefined ? t('nothingInForce') : t('version', { version: active.version }) },
            { label: t('since'), value: active?.published_at == null ? null : <Moment at={active.published_at} /> },
            { label: t('newest'), value: newest === undefined ? null : t('version', { version: newest.version }) },
            { label: t('uid'), value: <code>{policy.uid}</code> },
            { label: t('id'), value: <ShortId id={policy.id} /> },
            { label: t('created'), value: <Moment at={policy.created_at} /> },
            ...(retired_at === null ? [] : [{ label: t('state.retired'), value: <Moment at={retired_at} /> }]),
          ]}
        />
        <Title order={2}>{t('rules.title')}</Title>
        {active === undefined ? <Text c="dimmed">{t('shownDraft', { version: shown.version })}</Text> : null}
        <Rules document={shown.document} explained={shown.explained} />
      </Stack>
    </ObjectPage>
  )
}

/** A draft that is not in force yet, and what must happen for that. */
function Pending({ policy, version, active }: { readonly policy: Policy; readonly version: number; readonly active: number | undefined }) {
  const { t } = useTranslation('governance.policies')
  const can = useCan()
  useLive(approvalNews, approvalsKey)
  const waiting = useQuery({ ...waitingQuery, enabled: can('read', 'approval') })
  const approval = waiting.data?.find(({ asked }) => asked?.policy.id === policy.id && asked.version === version)
  return (
    <Alert
      variant="default"
      icon={<IconClock aria-hidden />}
      title={approval === undefined ? t('pending.draft', { version }) : t('pending.waits', { version })}
    >
      <Stack gap="sm" align="flex-start">
        <Text>{approval === undefined ? t('pending.draftAbout') : t('pending.waitsAbout')}</Text>
        {active === undefined ? null : (
          <Link className="link" to="." search={{ tab: 'compare', from: String(active), to: String(version) } as never}>
            {t('pending.compare', { from: active, to: version })}
          </Link>
        )}
        {approval === undefined ? (
          <PutInForce policy={policy.id} version={version} />
        ) : (
          <Button component={Link} to="/governance/approvals/$approval" params={{ approval: approval.id } as never} variant="default">
            {t('pending.open')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
