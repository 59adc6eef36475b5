import { Alert, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useLive } from '../../../live.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Page } from '../../../ui/page.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { RecordList } from '../../../ui/record-list/record-list.tsx'
import { Section } from '../../../ui/section.tsx'
import { StateChip, type Tone } from '../../../ui/state-chip.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { MeshProjects } from './joined.tsx'
import { mapOf } from './map.ts'
import { PeerDetail } from './peer.tsx'
import { MeshPicture } from './picture.tsx'
import { MeshProvider } from './provider.tsx'
import { type MeshMap, type Message, mapQuery, meshKey, meshNews, messagePages } from './queries.ts'

/** The mesh as this node sees it. */
export function MeshPage() {
  const { t } = useTranslation('exchange.mesh')
  useLive(meshNews, meshKey)
  const query = useQuery(mapQuery)
  return (
    <Page title={t('title')} about={t('about')}>
      <QueryView query={query}>
        {(map) => (map.self === null && map.peers.length === 0 ? <EmptyState title={t('empty.title')} about={t('empty.about')} /> : <Shown map={map} />)}
      </QueryView>
    </Page>
  )
}

function Shown({ map }: { readonly map: MeshMap }) {
  const { t } = useTranslation('exchange.mesh')
  const format = useFormat()
  const [chosen, setChosen] = useState<string | undefined>(undefined)
  const picture = useMemo(
    () =>
      mapOf(map, {
        self: t('map.self'),
        selfState: t('map.selfState'),
        mailbox: (address) => new URL(address).host,
        standing: ({ failures, standing }) => t(failures > 0 ? 'map.away' : `map.standing.${standing ?? 'own'}`),
        asked: (at) => (at === null ? t('map.neverAsked') : t('map.asked', { at: format.relative(at, Date.now()) })),
        peerState: (state) => t(`peer.state.${state}`),
        heard: (at) => (at === null ? t('peer.never') : t('map.heard', { at: format.relative(at, Date.now()) })),
      }),
    [map, t, format],
  )
  const peer = map.peers.find(({ name }) => name === (chosen ?? map.peers.find(({ state }) => state === 'proposed')?.name))
  return (
    <Stack gap="xl">
      <MeshPicture
        title={
          map.travelling.length > 0 ? t('map.moving', { count: map.travelling.length, nodes: map.peers.length }) : t('map.resting', { count: map.peers.length })
        }
        nodes={picture.nodes}
        edges={picture.edges}
        chosen={peer?.name}
        onChoose={setChosen}
      />
      {map.faults.length === 0 ? null : (
        <Alert color="orange" variant="light" title={t('faults.title')}>
          {map.faults.map(({ address, sender, reason, count }) => (
            <Text key={`${address} ${sender} ${reason}`}>{t('faults.one', { sender, reason, count })}</Text>
          ))}
        </Alert>
      )}
      {peer === undefined ? null : <PeerDetail peer={peer} />}
      <MeshProjects />
      <MeshProvider />
      <Section id="messages" title={t('messages.title')} about={t('messages.about')}>
        <Messages />
      </Section>
    </Stack>
  )
}

const tones: Readonly<Record<string, Tone>> = {
  queued: 'info',
  delivered: 'info',
  acknowledged: 'permit',
  refused: 'deny',
  expired: 'neutral',
  fetching: 'info',
  ready: 'info',
  handled: 'permit',
}

function Messages() {
  const { t } = useTranslation('exchange.mesh')
  const columns = useMemo(
    (): ListColumn<Message>[] => [
      { name: 'direction', label: t('messages.direction'), value: (row) => row.direction, cell: (row) => t(`messages.${row.direction}`), width: 110 },
      { name: 'peer', label: t('messages.peer'), value: (row) => row.peer, width: 150 },
      { name: 'kind', label: t('messages.kind'), value: (row) => row.kind, cell: (row) => <code>{row.kind}</code>, width: 200, phone: true },
      {
        name: 'state',
        label: t('messages.state'),
        value: (row) => row.state,
        cell: (row) => <StateChip tone={tones[row.state] ?? 'neutral'}>{t(`messages.states.${row.state}`)}</StateChip>,
        width: 150,
        phone: true,
      },
      { name: 'reason', label: t('messages.reason'), value: (row) => row.reason, width: 180 },
      { name: 'at', label: t('messages.at'), value: (row) => row.at, cell: (row) => <Moment at={row.at} focusable={false} />, width: 160 },
    ],
    [t],
  )
  return (
    <RecordList
      name="mesh-messages"
      label={t('messages.list')}
      columns={columns}
      pages={messagePages}
      live={meshNews}
      rowId={(row) => row.id}
      empty={<EmptyState title={t('messages.empty')} about={t('messages.emptyAbout')} />}
    />
  )
}
