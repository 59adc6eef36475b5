import { Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Page } from '../../../ui/page.tsx'
import { AskWallet } from './ask.tsx'
import { Issued } from './issued.tsx'
import { Offer } from './offer.tsx'
import { Presentations } from './presentations.tsx'
import { Types } from './types.tsx'

/** What this institution says of people to their wallets, and what it asked of wallets itself. */
export function CredentialsPage() {
  const { t } = useTranslation('ledger.credentials')
  const can = useCan()
  const asks = can('read', 'presentation')
  return (
    <Page
      title={t('title')}
      about={t('about')}
      actions={
        <>
          {can('create', 'credential') ? <Offer /> : null}
          {can('create', 'presentation') ? <AskWallet /> : null}
        </>
      }
    >
      <Tabs defaultValue="issued" keepMounted={false}>
        <Tabs.List className="tabs">
          <Tabs.Tab value="issued">{t('tabs.issued')}</Tabs.Tab>
          {asks ? <Tabs.Tab value="asked">{t('tabs.asked')}</Tabs.Tab> : null}
          <Tabs.Tab value="types">{t('tabs.types')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="issued" pt="md">
          <Issued />
        </Tabs.Panel>
        {asks ? (
          <Tabs.Panel value="asked" pt="md">
            <Presentations />
          </Tabs.Panel>
        ) : null}
        <Tabs.Panel value="types" pt="md">
          <Types />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
