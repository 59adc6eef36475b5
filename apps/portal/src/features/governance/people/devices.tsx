import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../ui/page.tsx'
import { ConnectedApplications } from '../../me/applications/connected.tsx'
import { devicesQuery, endDevice } from './queries.ts'
import { Sessions } from './sessions.tsx'

/** Where somebody is signed in, and what acts for them: the own sessions, and the applications that were connected. */
export function DevicesPage() {
  const { t } = useTranslation('governance.people')
  return (
    <Page title={t('devices.title')}>
      <Sessions query={useQuery(devicesQuery())} about={t('devices.about')} end={endDevice} />
      <ConnectedApplications />
    </Page>
  )
}
