import { Button, Group, Stack, TextInput, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { ConfirmButton, ConfirmDialog } from '../../../ui/confirm-button.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Moment } from '../../../ui/moment.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { Who } from '../../../ui/who.tsx'
import { approvePeer, type Peer, stopPeer } from './queries.ts'

const tones: Readonly<Record<Peer['state'], Tone>> = { proposed: 'attention', approved: 'permit', suspended: 'attention', revoked: 'neutral' }

export function PeerState({ state }: Pick<Peer, 'state'>) {
  const { t } = useTranslation('exchange.mesh')
  return <StateChip tone={tones[state]}>{t(`peer.state.${state}`)}</StateChip>
}

/** What is known of a peer, and what an administrator may do about it. */
export function PeerDetail({ peer }: { readonly peer: Peer }) {
  const { t } = useTranslation('exchange.mesh')
  const can = useCan()
  return (
    <Stack gap="sm" component="section" aria-labelledby="peer">
      <Group gap="sm">
        <Title order={2} id="peer">
          {peer.title}
        </Title>
        <PeerState state={peer.state} />
      </Group>
      <Facts
        facts={[
          { label: t('peer.name'), value: <code>{peer.name}</code> },
          { label: t('peer.fingerprint'), value: <code className="mesh-fingerprint">{peer.fingerprint.replaceAll(/(.{4})/g, '$1 ').trim()}</code> },
          { label: t('peer.mailbox'), value: <code>{peer.mailbox}</code> },
          { label: t('peer.heard'), value: peer.last_heard_at === null ? t('peer.never') : <Moment at={peer.last_heard_at} /> },
          { label: t('peer.waiting'), value: peer.waiting },
          { label: t('peer.approvedBy'), value: peer.approved_by === null ? null : <Who id={peer.approved_by} /> },
        ]}
      />
      {can('update', 'mesh') ? <PeerActions peer={peer} /> : null}
    </Stack>
  )
}

const steps: Readonly<Record<Peer['state'], readonly ('approve' | 'suspend' | 'revoke')[]>> = {
  proposed: ['approve', 'revoke'],
  approved: ['suspend', 'revoke'],
  suspended: ['approve', 'revoke'],
  revoked: [],
}

function PeerActions({ peer }: { readonly peer: Peer }) {
  const { t } = useTranslation('exchange.mesh')
  return (
    <Group gap="xs">
      {steps[peer.state].map((step) =>
        step === 'approve' ? (
          <Approve key={step} peer={peer} />
        ) : (
          <ConfirmButton
            key={step}
            label={t(`peer.${step}.label`)}
            title={t(`peer.${step}.title`, { name: peer.name })}
            consequence={t(`peer.${step}.consequence`)}
            confirm={t(`peer.${step}.confirm`)}
            act={() => stopPeer(peer.name, step)}
          />
        ),
      )}
    </Group>
  )
}

/** What the other institution said on another way is entered here, so that it is compared and not only looked at. */
function Approve({ peer }: { readonly peer: Peer }) {
  const { t } = useTranslation('exchange.mesh')
  const [opened, { open, close }] = useDisclosure()
  const [told, setTold] = useState('')
  const fingerprint = told.replaceAll(/\s/g, '').toLowerCase()
  return (
    <>
      <Button onClick={open}>{t('peer.approve.label')}</Button>
      <ConfirmDialog
        opened={opened}
        onClose={close}
        title={t('peer.approve.title', { name: peer.name })}
        consequence={t('peer.approve.consequence')}
        confirm={t('peer.approve.confirm')}
        disabled={!/^[0-9a-f]{64}$/.test(fingerprint)}
        act={() => approvePeer(peer.name, fingerprint)}
      >
        <TextInput
          label={t('peer.approve.told')}
          description={t('peer.approve.toldHint')}
          spellCheck={false}
          autoComplete="off"
          value={told}
          onChange={(event) => setTold(event.currentTarget.value)}
        />
      </ConfirmDialog>
    </>
  )
}
