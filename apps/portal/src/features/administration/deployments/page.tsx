import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Card, CardPage } from '../../../ui/card-page.tsx'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { Copyable } from '../../../ui/copyable.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'
import { type Deployment, deploymentsQuery, endTrust } from './queries.ts'
import { ChangeDeployment, TrustDeployment } from './settings-form.tsx'

/** Whose tokens are believed here, and for whom tokens are made. */
export function DeploymentsPage() {
  const { t } = useTranslation('administration.deployments')
  const can = useCan()
  return (
    <CardPage
      title={t('title')}
      about={t('about')}
      add={can('create', 'deployment') ? t('add.open') : undefined}
      dialog={(close) => <TrustDeployment onClose={close} />}
      query={useQuery(deploymentsQuery)}
      empty={{ title: t('empty.title'), about: t('empty.about') }}
    >
      {(deployment) => <DeploymentCard deployment={deployment} />}
    </CardPage>
  )
}

function DeploymentCard({ deployment }: { readonly deployment: Deployment }) {
  const { t } = useTranslation('administration.deployments')
  const can = useCan()
  const [changing, { open, close }] = useDisclosure()
  const { id, name, issuer, jwks_uri, audience, expects } = deployment
  return (
    <Card
      name={name}
      chips={
        <>
          {issuer === null ? null : <StateChip tone="attention">{t('believed')}</StateChip>}
          {audience === null ? null : <StateChip tone="neutral">{t('addressed')}</StateChip>}
        </>
      }
      actions={
        <>
          {can('update', 'deployment') ? (
            <Button variant="default" onClick={open}>
              {t('change.open')}
            </Button>
          ) : null}
          {can('delete', 'deployment') ? (
            <ConfirmButton
              label={t('remove.open')}
              title={t('remove.title', { name })}
              consequence={t('remove.consequence')}
              confirm={t('remove.confirm')}
              act={() => endTrust(id)}
            />
          ) : null}
        </>
      }
    >
      {issuer === null ? null : <Text>{t('believedAbout')}</Text>}
      {audience === null ? null : <Text>{t('addressedAbout')}</Text>}
      <Facts
        facts={[
          ...(issuer === null
            ? []
            : [
                { label: t('issuer'), value: <code>{issuer}</code> },
                { label: t('keys'), value: <code>{jwks_uri}</code> },
              ]),
          ...(audience === null ? [] : [{ label: t('audience'), value: <code>{audience}</code> }]),
        ]}
      />
      {issuer === null ? null : (
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t('expects')}
          </Text>
          <Copyable text={expects} label={`${t('expects')}: ${name}`} />
        </div>
      )}
      {changing ? <ChangeDeployment deployment={deployment} onClose={close} /> : null}
    </Card>
  )
}
