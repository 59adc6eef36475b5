/** A coordinator and hospitals as real processes on ports of their own, introduced to one another; everything ends with `stop`. */
import { must } from '@gatehouse/sdk/client'
import type { Connection } from '../node/connection.ts'
import { startTemporaryNode, type TemporaryNode } from '../node/temporary.ts'
import { type Hospital, hospitals } from './hospitals.ts'
import { until } from './until.ts'

export interface Member {
  readonly hospital: Hospital
  readonly connection: Connection
}

export interface Mesh {
  readonly coordinator: Connection
  readonly members: readonly Member[]
  stop(): Promise<void>
}

interface Wanted {
  readonly nodes: number
  readonly people: number
  readonly signal: AbortSignal
  readonly tell: (step: string) => void
}

const coordinatorRoles = 'api,exchange,worker,coordinator'
/** Nodes of one machine reach one another's doors and nothing else; their people sign in with a password for as long as they live. */
const settings = { GATEHOUSE_EGRESS_ALLOW: '127.0.0.1', GATEHOUSE_SECOND_FACTOR: 'nobody' }

export async function openMesh({ nodes, people, signal, tell }: Wanted): Promise<Mesh> {
  const started: TemporaryNode[] = []
  const stop = async () => void (await Promise.allSettled(started.splice(0).map((node) => node.stop())))
  const start = async (what: string, more: Readonly<Record<string, string>> = {}) => {
    const node = await startTemporaryNode((step) => tell(`${what}: ${step}`), signal, { ...settings, ...more })
    started.push(node)
    return node.connection
  }
  try {
    const coordinator = await start('Coordinator', { GATEHOUSE_ROLES: coordinatorRoles })
    const members: Member[] = []
    // One after the other: each makes a database of its own.
    for (const hospital of hospitals(nodes, people)) members.push({ hospital, connection: await start(hospital.title) })
    tell('The nodes are introduced to one another')
    await introduce(coordinator, members, signal)
    for (const { hospital, connection } of members) await bringIn(connection, hospital)
    return { coordinator, members, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Names and keys, admission by the coordinator's operator, and every fingerprint compared by every institution. */
async function introduce(coordinator: Connection, members: readonly Member[], signal: AbortSignal): Promise<void> {
  const mailbox = coordinator.credential.origin
  const fingerprints = new Map<string, string>()
  for (const { hospital, connection } of members) {
    const { fingerprint } = must(await connection.client.POST('/v1/mesh/identity', { body: { name: hospital.name, title: hospital.title, mailbox } }))
    fingerprints.set(hospital.name, fingerprint)
  }
  const registered = async () => must(await coordinator.client.GET('/v1/coordinator/nodes')).data.length
  await until(async () => (await registered()) >= members.length, 'not every node has registered', signal)
  for (const [node, fingerprint] of fingerprints)
    must(await coordinator.client.POST('/v1/coordinator/nodes/{node}/admit', { params: { path: { node } }, body: { fingerprint } }))
  for (const { hospital, connection } of members) {
    for (const [peer, fingerprint] of fingerprints) {
      if (peer === hospital.name) continue
      const propose = async () => (await connection.client.POST('/v1/mesh/peers', { body: { name: peer, mailbox } })).response.ok
      await until(propose, `${peer} is not at the coordinator`, signal)
      must(await connection.client.POST('/v1/mesh/peers/{peer}/approve', { params: { path: { peer } }, body: { fingerprint } }))
    }
  }
}

const roles = {
  patients: [
    { name: 'patient_number', identifier_role: 'subject' as const },
    { name: 'birth_year', identifier_role: 'quasi' as const },
    { name: 'town', identifier_role: 'quasi' as const },
  ],
  stays: [
    { name: 'patient_number', identifier_role: 'subject' as const },
    { name: 'diagnosis', identifier_role: 'sensitive' as const },
    { name: 'days', identifier_role: 'sensitive' as const },
  ],
}

async function bringIn({ client }: Connection, hospital: Hospital): Promise<void> {
  const source = must(await client.POST('/v1/data-sources', { body: { slug: 'hospital', kind: 'file', title: hospital.title } }))
  for (const name of ['patients', 'stays'] as const) {
    const sent = must(
      await client.POST('/v1/data-sources/{source}/uploads', {
        params: { path: { source: source.id }, query: { name } },
        body: hospital[name],
        bodySerializer: (text: string) => text,
        headers: { 'content-type': 'application/octet-stream' },
      }),
    )
    must(await client.PATCH('/v1/tables/{table}', { params: { path: { table: sent.table.id } }, body: { columns: [...roles[name]] } }))
  }
}
