import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../../live.ts'
import { useCan, useSession } from '../../../session.ts'
import { EvidenceDownload } from '../../../ui/evidence/evidence-download.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { ObjectPage } from '../../../ui/object-page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { ShortId } from '../../../ui/short-id.tsx'
import { ApiKeys, useMayKeys } from './api-keys.tsx'
import { Calls } from './calls.tsx'
import { Engineers } from './engineers.tsx'
import { type PartnerWithKeys, partnerQuery, partnersKey } from './queries.ts'
import { ReceiverKeys } from './receiver-keys.tsx'
import { PartnerState } from './state.tsx'
import { StatusActions } from './status-actions.tsx'
import { WorkingRequest } from './working-request.tsx'

export function PartnerPage() {
  const { partner = '' } = useParams({ strict: false }) as { partner?: string }
  return <PartnerView partner={partner} />
}

/** The page *Connect a system*: an engineer's own partner. */
export function ConnectPage() {
  const { partner } = useSession()
  return <PartnerView partner={partner ?? ''} />
}

function PartnerView({ partner }: { readonly partner: string }) {
  useLive(['partners.*', 'release.*', 'identity.issue_key', 'identity.revoke_key', 'identity.invite_engineer'], partnersKey)
  const query = useQuery(partnerQuery(partner))
  return (
    <QueryView whole query={query}>
      {(found) => <Shown partner={found} />}
    </QueryView>
  )
}

function Shown({ partner }: { readonly partner: PartnerWithKeys }) {
  const { t } = useTranslation('governance.partners')
  const can = useCan()
  const mayKeys = useMayKeys()
  const tabs = [
    { name: 'request', label: t('request.tab'), content: <WorkingRequest partner={partner} /> },
    { name: 'calls', label: t('calls.tab'), content: <Calls partner={partner.id} /> },
    ...(can('read', 'engineer_account') ? [{ name: 'engineers', label: t('engineers.tab'), content: <Engineers partner={partner} /> }] : []),
  ]
  return (
    <ObjectPage
      kind="partner"
      id={partner.id}
      title={partner.name}
      chip={<PartnerState status={partner.status} />}
      about={t(`aboutStatus.${partner.status}`)}
      actions={
        <>
          <EvidenceDownload kind="partner" id={partner.id} />
          {can('update', 'partner') ? <StatusActions partner={partner} /> : null}
        </>
      }
      tabs={tabs}
    >
      <Stack gap="xl">
        <Facts
          facts={[
            { label: t('reference'), value: <code>{partner.reference}</code> },
            { label: t('id'), value: <ShortId id={partner.id} /> },
            { label: t('since'), value: <Moment at={partner.created_at} /> },
            ...(partner.expires_at === null ? [] : [{ label: t('until'), value: <Moment at={partner.expires_at} /> }]),
            ...(partner.reason === null ? [] : [{ label: t('reason'), value: partner.reason }]),
          ]}
        />
        <ReceiverKeys partner={partner} />
        {mayKeys('read') ? <ApiKeys partner={partner} /> : null}
      </Stack>
    </ObjectPage>
  )
}
