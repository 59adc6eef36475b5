/** An institution on a node of its own, reached over a real socket: three people, a policy for wallets, and types to issue. */

import { freePort } from '@gatehouse/runtime/base/testing/free-port'
import type { Answer } from '@gatehouse/runtime/door/door'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { testNode } from '@gatehouse/runtime/door/testing/node'
import { openHttp } from '@gatehouse/runtime/edge/http'
import { keyringModule } from '../../../custody/keyring/index.ts'
import { importRecords } from '../../../custody/vault/imports/import.ts'
import { planImport } from '../../../custody/vault/imports/plan.ts'
import { vaultModule } from '../../../custody/vault/index.ts'
import { bytesOf } from '../../../custody/vault/testing/vault.ts'
import { consentsModule } from '../../../governance/consents/index.ts'
import { partnersModule } from '../../../governance/partners/index.ts'
import { policiesModule } from '../../../governance/policies/index.ts'
import { requestsModule } from '../../../governance/requests/index.ts'
import { tenancyModule } from '../../../governance/tenancy/index.ts'
import { ledgerModule } from '../../../ledger/index.ts'
import { findSubject, subjectsModule } from '../../../subjects/index.ts'
import { releaseModule } from '../../release/index.ts'
import { institutionOf } from '../institution.ts'
import { credentialsModule } from '../module.ts'

const modules = [
  ledgerModule,
  subjectsModule,
  tenancyModule,
  partnersModule,
  policiesModule,
  consentsModule,
  requestsModule,
  keyringModule,
  vaultModule,
  releaseModule,
  credentialsModule,
]

const people = [
  'patient_id,given_name,date_of_birth,diagnosis',
  'P-1,Ana Quetzalli,1980-04-12,E11.9',
  'P-2,Luis Ixchel,2015-11-30,E11.9',
  'P-3,Mar Citlali,1999-01-02,',
  'P-4,Sol Nenetl,1950-07-07,I10',
  '',
].join('\n')
const mapping = {
  record_type: 'patient',
  subject: 'patient_id',
  fields: { given_name: { semantic: 'given_name' }, date_of_birth: { type: 'date', semantic: 'date_of_birth' }, diagnosis: {} },
}
export const purpose = 'dpv:IdentityVerification'
const careful = 'dpv:ServiceProvision'

const types = [
  { slug: 'of_age', name: 'Of full age', claim: 'age_over_18', rule: { how: 'age_over', field: 'date_of_birth', years: 18 }, purpose, self_service: true },
  { slug: 'age_band', name: 'Age band', claim: 'age_band', rule: { how: 'age_band', field: 'date_of_birth', bounds: [18, 30, 65] }, purpose },
  { slug: 'diabetes', name: 'Diabetes confirmed', claim: 'diabetes', rule: { how: 'is_one_of', field: 'diagnosis', values: ['E11.9'] }, purpose: careful },
  { slug: 'approved', name: 'Approved by the hospital', claim: 'approved', rule: { how: 'fixed', value: true }, purpose },
  { slug: 'named', name: 'Given name', claim: 'given_name', rule: { how: 'copy', field: 'given_name' }, purpose },
] as const

/** Age for whoever asks for their own; a diagnosis only with consent; a name never. */
const policy = {
  uid: 'wallets',
  type: 'Set',
  profile: 'urn:gatehouse:odrl:v1',
  title: 'What people may carry away',
  assignee: 'holder',
  permission: [
    {
      uid: 'age',
      action: 'release',
      target: 'patient',
      purpose: [purpose],
      legal_basis: { basis: 'eu-gdpr:A6-1-b', law: 'Treatment contract' },
      fields: { date_of_birth: { mask: 'keep' } },
    },
    {
      uid: 'diagnosis',
      action: 'release',
      target: 'patient',
      purpose: [careful],
      legal_basis: { basis: 'eu-gdpr:A6-1-a' },
      fields: { diagnosis: { mask: 'keep' } },
    },
  ],
  prohibition: [],
}

export async function openInstitution(name: string) {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const t = await testNode({ modules, egressAllow: ['127.0.0.1'], addresses: { exchangeHost: '127.0.0.1', exchangePort: 9999, origin } })
  const { node } = t.door
  const closeNode = t.close
  await t.database.transaction(t.tenant, (tx) =>
    tx.query("INSERT INTO tenancy.tenant (tenant_id, slug, name, settings, created_at) VALUES ($1, $2, $2, '{}', now())", [t.tenant, name]),
  )
  const app = await openHttp({
    door: t.door,
    operations: credentialsModule.operations,
    rateLimits: false,
    ready: async () => true,
    followUps: { add: () => {}, settle: async () => {} } as never,
  })
  // What is away: connections to these paths are cut.
  const cut = new Set<string>()
  app.addHook('onRequest', async (request) => {
    if ([...cut].some((part) => request.url.includes(part))) request.raw.socket.destroy()
  })
  await app.listen({ host: '127.0.0.1', port })
  // biome-ignore lint/suspicious/noExplicitAny: answers of every operation
  const done = async (operation: string, input: unknown, as = t.admin): Promise<any> => {
    const answer = await enter(operation, input, as)
    if (answer.outcome !== 'done') throw new Error(`${operation}: ${JSON.stringify(answer)}`)
    return answer.output
  }
  const enter = (operation: string, input: unknown, as = t.admin) => t.door.enter(named(operation), input, as) as Promise<Answer<unknown>>
  const refused = async (operation: string, input: unknown, as = t.admin) => {
    const answer = await enter(operation, input, as)
    return answer.outcome === 'refused' ? answer.problem.document() : answer
  }
  const subjectOf = async (userId: string) => {
    const found = await t.database.transaction(t.tenant, (tx) => findSubject(tx, node, userId))
    if (found === undefined) throw new Error('there is no such person')
    return found.id
  }
  return Object.assign(t, {
    ...institutionOf(node, t.tenant),
    origin,
    cut,
    done,
    refused,
    subjectOf,
    /** People, the policy and the types of a hospital. */
    async fill() {
      const plan = await t.door.enter(planImport, { mapping, format: 'csv' }, t.admin)
      if (plan.outcome !== 'done') throw new Error('no plan')
      await t.door.enter(importRecords, { import: plan.output.import_id, body: bytesOf(people) }, t.admin)
      const made = await done('policies.create', { document: policy })
      await done('policies.publish', { policy: made.policy, version: 1 })
      for (const type of types) await done('credentials.define_type', { ...type, record_type: 'patient' })
    },
    async close() {
      await app.close()
      await closeNode()
    },
  })
}
export type TestInstitution = Awaited<ReturnType<typeof openInstitution>>

function named(name: string): AnyOperation {
  const found = modules.flatMap(({ operations }) => operations).find((operation) => operation.name === name)
  if (found === undefined) throw new Error(`there is no operation ${name}`)
  return found
}
