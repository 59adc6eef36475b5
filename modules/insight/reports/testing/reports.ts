/** A node on which people, partners and policies are real, and data truly leaves: what the reports are made from. */
import type { Id } from '@gatehouse/core/id'
import { profileIri } from '@gatehouse/policy/document'
import { anonymous, type Principal, systemPrincipal } from '@gatehouse/runtime/base/context'
import type { Database, Tx } from '@gatehouse/runtime/data/db'
import type { Module } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import type { AnyOperation, Refusal } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { importRecords } from '../../../custody/vault/imports/import.ts'
import { planImport } from '../../../custody/vault/imports/plan.ts'
import { vaultModule } from '../../../custody/vault/index.ts'
import { cancel } from '../../../exchange/release/cancel.ts'
import { deliver } from '../../../exchange/release/deliver.ts'
import { authorize, redeem, releaseModule } from '../../../exchange/release/index.ts'
import { readRecord } from '../../../exchange/release/read-record.ts'
import { accessModule, allowed } from '../../../governance/access/index.ts'
import { giveConsent } from '../../../governance/consents/give.ts'
import { consentsModule } from '../../../governance/consents/index.ts'
import { identityModule } from '../../../governance/identity/index.ts'
import { createPartner } from '../../../governance/partners/create.ts'
import { partnersModule } from '../../../governance/partners/index.ts'
import { createPolicy } from '../../../governance/policies/create.ts'
import { policiesModule } from '../../../governance/policies/index.ts'
import { publishVersion } from '../../../governance/policies/publish.ts'
import { requestsModule } from '../../../governance/requests/index.ts'
import { tenancyModule } from '../../../governance/tenancy/index.ts'
import { appendEntry, ledgerModule, sequence } from '../../../ledger/index.ts'
import { subjectsModule } from '../../../subjects/index.ts'
import { advance } from '../advance.ts'
import { reportsModule } from '../index.ts'

const modules: readonly Module[] = [
  ledgerModule,
  subjectsModule,
  tenancyModule,
  partnersModule,
  accessModule,
  identityModule,
  policiesModule,
  consentsModule,
  requestsModule,
  vaultModule,
  releaseModule,
  reportsModule,
]

export const care = 'dpv:ServiceProvision'
export const marketing = 'dpv:DirectMarketing'
/** The name that only a person bears; it must never be found in what is counted. */
export const personalName = 'Zaphira Quetzalli'
const file = ['customer_id,given_name,email', `C-1,${personalName},zq@example.org`, 'C-2,Luis Ixchel,li@example.org', ''].join('\n')

export interface Flow {
  readonly partner: Principal
  readonly user?: string
  readonly purpose?: string
  readonly fields?: string[]
  readonly end?: 'permit' | 'deliver' | 'lose' | 'cancel' | 'replay'
}

export interface ReportsNode extends TestNode {
  readonly officer: Principal
  readonly auditor: Principal
  readonly harbour: Principal
  readonly quay: Principal
  /** Output of an act that must be done. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every operation
  done(operation: AnyOperation, input: unknown, principal?: Principal): Promise<any>
  /** From the request to wherever the flow ends. */
  flow(flow: Flow): Promise<Id<'release'> | undefined>
  staffRead(user: string): Promise<void>
  /** Everything that is in the log by now is counted. */
  count(): Promise<void>
  rows(tenant?: Id<'tenant'>): Promise<Record<string, unknown>[]>
}

export async function openReports(): Promise<ReportsNode> {
  const t = await testNode({ modules, plugs: { allowed, append: appendEntry } })
  const { door, tenant } = t
  const officer = t.principal({ roles: ['officer'] })
  const auditor = t.principal({ roles: ['auditor'], id: '01980000-0000-7000-8000-0000000000ab' })
  const enter = (operation: AnyOperation, input: unknown, principal: Principal) => door.enter(operation, input, principal)
  const done: ReportsNode['done'] = async (operation, input, principal = officer) => {
    const answer = await enter(operation, input, principal)
    if (answer.outcome !== 'done')
      throw new Error(`${operation.name} was ${answer.outcome}: ${JSON.stringify((answer as { problem?: Refusal['problem'] }).problem?.document())}`)
    return answer.output
  }
  await t.database.transaction(tenant, (tx) =>
    tx.query(`INSERT INTO tenancy.tenant (tenant_id, slug, name, settings, revision, created_at) VALUES ($1, 'test', 'Test', '{}', 1, now())`, [tenant]),
  )
  const partner = async (reference: string, name: string): Promise<Principal> => {
    const { id } = await done(createPartner, { reference, name })
    return t.principal({ kind: 'partner', id, partner: id, roles: ['partner'] })
  }
  const policy = async (uid: string, assignee: string, permission: Record<string, unknown>) => {
    const { policy: id, version } = await done(createPolicy, {
      document: {
        uid,
        type: 'Set',
        profile: profileIri,
        title: uid,
        assignee,
        permission: [{ uid: 'give', action: 'release', target: 'customer', ...permission }],
      },
    })
    await done(publishVersion, { policy: id, version })
  }
  const harbour = await partner('harbour-bank', '=Harbour Bank')
  const quay = await partner('quay-clinic', 'Quay Clinić')
  const fields = { given_name: { mask: 'keep' }, email: { mask: 'email' } }
  await policy('loans', 'harbour-bank', { purpose: [care], legal_basis: { basis: 'dpv:Contract', law: 'Loan contract § 4' }, fields })
  await policy('offers', 'quay-clinic', { purpose: [marketing], legal_basis: { basis: 'dpv:Consent' }, fields: { given_name: { mask: 'keep' } } })
  await policy('desk', 'staff', { action: 'read', purpose: [care], legal_basis: { basis: 'dpv:Contract', law: 'Account contract' }, fields })
  const mapping = { record_type: 'customer', subject: 'customer_id', fields: { given_name: { semantic: 'given_name' }, email: { semantic: 'email' } } }
  const { import_id } = await done(planImport, { mapping, format: 'csv' })
  const bytes = (async function* () {
    yield Buffer.from(file)
  })()
  await done(importRecords, { import: import_id, body: bytes })
  await done(giveConsent, { user_id: 'C-1', purposes: [marketing], recipients: ['quay-clinic'], data_classes: ['customer'], method: 'electronic_form' })

  async function flow({ partner: principal, user = 'C-1', purpose = care, fields: wanted, end = 'deliver' }: Flow) {
    const partner_id = principal.partner === harbour.partner ? 'harbour-bank' : 'quay-clinic'
    const asked = await enter(authorize, { partner_id, user_id: user, purpose, ...(wanted === undefined ? {} : { fields: wanted }) }, principal)
    if (asked.outcome !== 'done') return undefined
    const { release_id: release, token } = asked.output as { release_id: Id<'release'>; token: string }
    if (end === 'permit') return release
    if (end === 'cancel') {
      await done(cancel, { release }, principal)
      return release
    }
    await done(redeem, { token }, anonymous)
    if (end === 'replay') await enter(redeem, { token }, anonymous)
    await done(deliver, { deliveries: [{ release, complete: end !== 'lose', bytes: end === 'lose' ? 0 : 100 }] }, systemPrincipal(tenant))
    return release
  }
  return {
    ...t,
    officer,
    auditor,
    harbour,
    quay,
    done,
    flow,
    staffRead: (user) => done(readRecord, { user_id: user, purpose: care }),
    async count() {
      while ((await sequence(door.node)).more);
      while (await advance(door.node, tenant));
    },
    rows: (of = tenant) => rowsOf(t.database, of),
  }
}

/** All counters of a tenant, in one order. */
async function rowsOf(database: Database, tenant: Id<'tenant'>): Promise<Record<string, unknown>[]> {
  return database.transaction(tenant, async (tx) => [
    ...(await tx.query<Record<string, unknown>>('SELECT * FROM reports.counter ORDER BY grain, at, outcome, partner_id, purpose, field, reason')),
    ...(await tx.query<Record<string, unknown>>('SELECT * FROM reports.latency ORDER BY grain, at, operation, decision, partner_id, bucket')),
  ])
}

/** The node, but it dies at the given statement of each transaction; `Infinity`: once the transaction has committed. */
export function dyingAt(node: Node, statement: number): Node {
  const transaction: Database['transaction'] = async (tenant, act) => {
    const result = await node.database.transaction(tenant, (tx) => act(dyingTx(tx, statement)))
    if (statement === Number.POSITIVE_INFINITY) throw new Error('killed after the commit')
    return result
  }
  return { ...node, database: { ...node.database, transaction } }
}

function dyingTx(tx: Tx, statement: number): Tx {
  let sent = 0
  return {
    get tenant() {
      return tx.tenant
    },
    narrow: (tenant) => tx.narrow(tenant),
    change: (text, values) => tx.change(text, values),
    run: (compiled) => tx.run(compiled),
    query: async <Row>(...args: Parameters<Tx['query']>): Promise<Row[]> => {
      sent += 1
      if (sent === statement) throw new Error(`killed at statement ${statement}`)
      return tx.query<Row>(...args)
    },
  }
}
