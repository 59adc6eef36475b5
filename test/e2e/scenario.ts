/** What most flows begin with: people in the vault, a partner with a key, a policy that two persons published, consents. */
import { randomBytes } from 'node:crypto'
import { createClient, type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { NodeProcess } from './node.ts'

export const recordType = 'customer'
export const purpose = 'dpv:ServiceProvision'

export const people = [
  'customer_id,given_name,family_name,email,date_of_birth,annual_income',
  'C1,Ada,Lovelace,ada@example.org,1815-12-10,51000',
  'C2,Grace,Hopper,grace@example.org,1906-12-09,72000',
  'C3,Alan,Turing,alan@example.org,1912-06-23,63000',
].join('\n')

export const mapping = {
  record_type: recordType,
  subject: 'customer_id',
  fields: {
    given_name: { type: 'string', semantic: 'given_name' },
    family_name: { type: 'string', semantic: 'family_name' },
    email: { type: 'string', semantic: 'email' },
    date_of_birth: { type: 'date', semantic: 'date_of_birth' },
    annual_income: { type: 'integer', semantic: 'amount' },
  },
}

export function policyDocument(uid: string, partner: string) {
  return {
    uid,
    type: 'Set',
    profile: 'urn:gatehouse:odrl:v1',
    title: 'Service provision',
    assignee: partner,
    token_ttl_max_seconds: 300,
    permission: [
      {
        uid: 'serve',
        action: 'release',
        target: recordType,
        purpose: [purpose],
        legal_basis: { basis: 'eu-gdpr:A6-1-a' },
        fields: {
          given_name: { mask: 'keep' },
          family_name: { mask: 'partial', keep_first: 1 },
          email: { mask: 'email' },
          date_of_birth: { mask: 'date_truncate', to: 'year' },
          annual_income: { mask: 'number_round', to: 1000 },
        },
      },
    ],
    prohibition: [],
  }
}

export interface Partner {
  readonly id: string
  readonly reference: string
  readonly key: string
  readonly client: GatehouseClient
}

/** A second person: publishing needs two. */
export function officer(node: NodeProcess): Promise<GatehouseClient> {
  return member(node, 'officer', 'officer@example.org')
}

/** Somebody of the institution, signed in by cookie. */
export async function member(node: NodeProcess, role: 'administrator' | 'officer' | 'auditor' | 'data_custodian', email: string): Promise<GatehouseClient> {
  const invited = must(await node.operator.POST('/v1/users', { body: { email, name: 'Olive Example', roles: [role] } }))
  const password = randomBytes(18).toString('base64url')
  const accepted = await fetch(`${node.origin}/v1/auth/accept-invitation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: node.origin },
    body: JSON.stringify({ token: invited.token, password }),
  })
  if (!accepted.ok) throw new Error(`the invitation was not accepted: ${await accepted.text()}`)
  const cookie = accepted.headers.get('set-cookie')?.split(';')[0] ?? ''
  return createClient({
    origin: node.origin,
    fetch: (request) => {
      const headers = new Headers(request.headers)
      headers.set('cookie', cookie)
      headers.set('origin', node.origin)
      return fetch(new Request(request, { headers }))
    },
  })
}

export async function importPeople(node: NodeProcess, text = people): Promise<{ imported: number; repeated: number; rejected: number }> {
  const plan = must(await node.operator.POST('/v1/vault/imports', { body: { mapping, format: 'csv' } as never })) as { import_id: string }
  const answer = await fetch(`${node.origin}/v1/vault/imports/${plan.import_id}/records`, {
    method: 'POST',
    headers: { authorization: `Bearer ${node.credential.key}`, 'content-type': 'text/csv' },
    body: text,
  })
  const body = (await answer.json()) as { imported: number; repeated: number; rejected: number }
  if (!answer.ok) throw new Error(`the import failed: ${JSON.stringify(body)}`)
  return body
}

export async function addPartner(node: NodeProcess, reference: string): Promise<Partner> {
  const partner = must(await node.operator.POST('/v1/partners', { body: { reference, name: reference } })) as { id: string }
  const { key } = must(await node.operator.POST('/v1/api-keys', { body: { partner: partner.id, label: 'test', expires_in_days: 30 } as never })) as unknown as {
    key: string
  }
  return { id: partner.id, reference, key, client: createClient({ origin: node.origin, key }) }
}

/** Drafts and publishes by two people; gives the policy's id. */
export async function publishPolicy(node: NodeProcess, second: GatehouseClient, document: object): Promise<string> {
  const created = must(await node.operator.POST('/v1/policies', { body: { document } as never })) as unknown as { policy: string }
  const path = { params: { path: { policy: created.policy, version: 1 } } } as never
  must(await node.operator.POST('/v1/policies/{policy}/versions/{version}/publish', path))
  must(await second.POST('/v1/policies/{policy}/versions/{version}/publish', path))
  return created.policy
}

export async function giveConsent(node: NodeProcess, userId: string, partner: string): Promise<string> {
  const given = must(
    await node.operator.POST('/v1/consents', {
      body: { user_id: userId, purposes: [purpose], recipients: [partner], data_classes: [recordType], method: 'paper' } as never,
    }),
  ) as unknown as { consent: { id: string } }
  return given.consent.id
}

export interface Scenario {
  readonly officer: GatehouseClient
  readonly partner: Partner
  readonly policy: string
  readonly consents: ReadonlyMap<string, string>
}

/** C1 and C2 consent, C3 does not. */
export async function arrange(node: NodeProcess, reference = 'northwind-bank'): Promise<Scenario> {
  await importPeople(node)
  const second = await officer(node)
  const partner = await addPartner(node, reference)
  const policy = await publishPolicy(node, second, policyDocument('northwind-service', reference))
  const consents = new Map<string, string>()
  for (const person of ['C1', 'C2']) consents.set(person, await giveConsent(node, person, reference))
  return { officer: second, partner, policy, consents }
}

export interface Authorized {
  readonly token: string
  readonly release_id: string
  readonly decision_id: string
  readonly expires_in: number
}

export async function authorize(
  node: NodeProcess,
  partner: Partner,
  userId: string,
  more: object = {},
): Promise<{ status: number; body: Authorized & Record<string, unknown> }> {
  const answer = await fetch(`${node.origin}/v1/authorize`, {
    method: 'POST',
    headers: { authorization: `Bearer ${partner.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ partner_id: partner.reference, user_id: userId, purpose, ...more }),
  })
  return { status: answer.status, body: (await answer.json()) as Authorized & Record<string, unknown> }
}

export async function redeem(
  node: NodeProcess,
  token: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${node.origin}/v1/redeem`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
