/** A node that speaks the Dataspace Protocol on a real port: partners with keys, as participants, and a table that is offered to it. */
import type { AddressInfo } from 'node:net'
import type { Id } from '@gatehouse/core/id'
import { profileIri } from '@gatehouse/policy/document'
import { type Principal, systemPrincipal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Addresses } from '@gatehouse/runtime/door/node'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { testNode } from '@gatehouse/runtime/door/testing/node'
import { followUps } from '@gatehouse/runtime/edge/follow-up'
import { openHttp } from '@gatehouse/runtime/edge/http'
import { catalogModule } from '../../../custody/catalog/index.ts'
import { addSource } from '../../../custody/catalog/sources/add.ts'
import { changeTable } from '../../../custody/catalog/tables/change.ts'
import { uploadTable } from '../../../custody/catalog/uploads/upload.ts'
import { accessModule, authorize } from '../../../governance/access/index.ts'
import { approvalsModule, declareReviewKinds } from '../../../governance/approvals/index.ts'
import { consentsModule } from '../../../governance/consents/index.ts'
import { authenticate, identityModule } from '../../../governance/identity/index.ts'
import { issueKey } from '../../../governance/identity/issue-key.ts'
import { insertAccount, insertUser } from '../../../governance/identity/store.ts'
import { createPartner } from '../../../governance/partners/create.ts'
import { partnersModule } from '../../../governance/partners/index.ts'
import { createPolicy } from '../../../governance/policies/create.ts'
import { policiesModule } from '../../../governance/policies/index.ts'
import { publishVersion } from '../../../governance/policies/publish.ts'
import { projectsModule } from '../../../governance/projects/index.ts'
import { requestsModule } from '../../../governance/requests/index.ts'
import { tenancyModule } from '../../../governance/tenancy/index.ts'
import { ledgerModule } from '../../../ledger/index.ts'
import { subjectsModule } from '../../../subjects/index.ts'
import { linkageModule } from '../../linkage/index.ts'
import { queryModule } from '../../query/index.ts'
import { dataspaceModule } from '../module.ts'
import { registerParticipant } from '../participants/register.ts'
import { proceed } from '../processes/proceed.ts'

export type DataspaceNode = Awaited<ReturnType<typeof dataspaceNode>>

export const csv = 'ward,beds,open\nNorth,12,true\nSouth,30,false\nEast,7,true\n'
export const reference = 'open.wards'

export const offered = (assignee: string, changes: object = {}, policy: object = {}) => ({
  uid: `wards-${assignee}`,
  type: 'Set',
  profile: profileIri,
  title: 'Wards for partners',
  assignee,
  permission: [
    {
      uid: 'copy',
      action: 'release',
      target: reference,
      purpose: ['dpv:ScientificResearch'],
      legal_basis: { basis: 'dpv:LegitimateInterest', law: 'Nobody is in it' },
      fields: { ward: { mask: 'keep' }, beds: { mask: 'keep' }, open: { mask: 'redact' } },
      ...changes,
    },
  ],
  ...policy,
})

export async function dataspaceNode() {
  const addresses: { -readonly [Name in keyof Addresses]: Addresses[Name] } = { exchangeHost: '127.0.0.1', exchangePort: 9999, origin: 'http://127.0.0.1' }
  let officer: Principal | undefined
  const modules = [
    ledgerModule,
    subjectsModule,
    tenancyModule,
    accessModule,
    partnersModule,
    identityModule,
    approvalsModule,
    policiesModule,
    projectsModule,
    consentsModule,
    requestsModule,
    catalogModule,
    linkageModule,
    queryModule,
    dataspaceModule,
  ]
  const t = await testNode({
    modules,
    speaksDataspace: true,
    addresses,
    egressAllow: ['127.0.0.1'],
    plugs: { allowed: authorize, authenticate: async (node, knock) => (knock.authorization === 'Bearer officer' ? officer : authenticate(node, knock)) },
  })
  declareReviewKinds(t.door.node, dataspaceModule.reviewKinds ?? [])
  const after = followUps(t.door)
  const app = await openHttp({ door: t.door, operations: dataspaceModule.operations, rateLimits: false, ready: async () => true, followUps: after })
  await app.listen({ host: '127.0.0.1', port: 0 })
  addresses.origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`

  const within = <T>(act: (tx: Tx) => Promise<T>): Promise<T> => t.database.transaction(t.tenant, act)
  let count = 0
  async function staff(roles: string[]): Promise<Principal> {
    const number = (++count).toString(16).padStart(12, '0')
    const id = `01980000-0000-7000-9000-${number}` as Id<'user'>
    const at = new Date(t.clock.nowMs()).toISOString() as never
    await within(async (tx) => {
      await insertUser(tx, { tenant_id: t.tenant, id, email: `p${number}@example.org`, name: 'P', roles, created_at: at, partner_id: null, subject_id: null })
      await insertAccount(tx, t.tenant, { id: `01980000-0000-7000-a000-${number}`, userId: id, providerId: 'credential', accountId: id, password: null }, at)
    })
    return t.principal({ id, roles, session: 'here' })
  }
  officer = await staff(['administrator', 'officer', 'data_custodian'])
  const owner = await staff(['data_owner'])
  const by: Principal = officer
  async function done<T>(operation: AnyOperation, input: object, who: Principal = by): Promise<T> {
    const answer = await t.door.enter(operation, input, { ...who, provenAtMs: t.clock.nowMs() })
    if (answer.outcome !== 'done') throw answer.outcome === 'refused' ? answer.problem : new Error(answer.outcome)
    return answer.output as T
  }

  async function* body(text: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
  }
  const { id: source } = await done<{ id: string }>(addSource, { slug: 'open', kind: 'file', title: 'Open figures' })
  async function upload(name: string, text: string, role: string) {
    const { table } = await done<{ table: { id: string; columns: { name: string }[] } }>(uploadTable, { source, name, body: body(text) })
    await done(changeTable, { table: table.id, columns: table.columns.map((column) => ({ name: column.name, identifier_role: role })) })
  }
  await upload('wards', csv, 'none')

  /** Another participant, from registration to the key it comes with. */
  async function participant(name: string, address: string, authorization?: string) {
    const { id } = await done<{ id: Id<'partner'> }>(createPartner, { reference: name, name })
    const { key } = await done<{ key: string }>(issueKey, { partner: name, label: 'participant' })
    const participant = await done<{ id: string }>(registerParticipant, {
      partner: name,
      participant_id: `did:web:${name}`,
      address,
      ...(authorization === undefined ? {} : { authorization }),
    })
    return { id, name, key, participant: participant.id }
  }
  async function publish(document: object): Promise<{ policy: string; version: number }> {
    const { policy, version } = await done<{ policy: string; version: number }>(createPolicy, { document })
    await done(publishVersion, { policy, version })
    return { policy, version }
  }
  /** As the queue does it: what was begun after an answer is let end first, since of two at once the other is told to come again. */
  async function proceedBy(process: string) {
    await after.settle()
    return t.door.enter(proceed, { process }, systemPrincipal(t.tenant))
  }
  return {
    t,
    officer: by,
    owner,
    within,
    done,
    upload,
    participant,
    publish,
    proceed: proceedBy,
    at: addresses.origin,
    /** Whatever was answered has been gone on with. */
    settle: () => after.settle(),
    async close() {
      await app.close()
      await after.settle()
      await t.close()
    },
  }
}
