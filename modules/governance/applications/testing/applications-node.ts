/** A node with its HTTP edge, two administrators, a person with an account, and a real OAuth client to come with. */
import type { Id } from '@gatehouse/core/id'
import { operation } from '@gatehouse/runtime/door/operation'
import { followUps } from '@gatehouse/runtime/edge/follow-up'
import { openHttp } from '@gatehouse/runtime/edge/http'
import type { FastifyInstance } from 'fastify'
import { allowInsecureRequests, ClientSecretBasic, type Configuration, customFetch, discovery, None } from 'openid-client'
import { z } from 'zod'
import { registerSubjects } from '../../../subjects/index.ts'
import { authorize } from '../../access/index.ts'
import { approvalsModule, declareReviewKinds } from '../../approvals/index.ts'
import { acceptInvitation } from '../../identity/accept-invitation.ts'
import { authenticate as bySession } from '../../identity/authenticate.ts'
import { invite } from '../../identity/invite.ts'
import { invitePerson } from '../../identity/invite-person.ts'
import type { SignedIn } from '../../identity/schema.ts'
import { browser, type IdentityNode, identityNode, password } from '../../identity/testing/identity.ts'
import { decide } from '../connections/decide.ts'
import { question } from '../connections/question.ts'
import { applicationsModule, authenticate, stillHold } from '../index.ts'
import { admit, submit } from '../life.ts'
import { register } from '../register.ts'
import type { Application } from '../schema.ts'

export const origin = 'http://127.0.0.1:5000'
export const redirect = 'https://helper.example.org/connected'

/** Stands in for what a person may read, and for what asks for a fresh proof. */
const readOwn = operation({
  name: 'note.read_own',
  summary: 'Read what is one’s own',
  input: z.strictObject({}),
  output: z.strictObject({ who: z.string(), since: z.iso.datetime(), count: z.int().min(3) }),
  access: { action: 'read', on: (_input, { subject }) => ({ type: 'own_disclosure', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: () => ({}),
  http: { method: 'GET', path: '/v1/me/notes' },
  run: async ({ principal, now }) => ({ who: principal.id, since: now, count: 7 }),
})
const exportOwn = operation({
  name: 'note.export_own',
  summary: 'Take away what is one’s own',
  input: z.strictObject({}),
  output: z.strictObject({}),
  access: { action: 'export', on: (_input, { subject }) => ({ type: 'own_disclosure', ...(subject === undefined ? {} : { owner: subject }) }) },
  audit: () => ({}),
  stepUp: true,
  http: { method: 'POST', path: '/v1/me/notes/export' },
  run: async () => ({}),
})
const listTeams = operation({
  name: 'note.policies',
  summary: 'Read policies',
  input: z.strictObject({}),
  output: z.strictObject({ who: z.string() }),
  access: { action: 'read', on: () => ({ type: 'policy' }) },
  audit: { none: 'a test' },
  http: { method: 'GET', path: '/v1/notes/policies' },
  run: async ({ principal }) => ({ who: principal.id }),
})

export interface ApplicationsNode extends IdentityNode {
  readonly http: FastifyInstance
  /** The institution of all of them. */
  readonly home: Id<'tenant'>
  readonly admin1: SignedIn
  readonly admin2: SignedIn
  readonly jane: SignedIn
  as(who: SignedIn, more?: object): ReturnType<typeof browser>
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** Registered, submitted and admitted, unless it is to stay in the sandbox. */
  application(more?: object, live?: boolean): Promise<{ application: Application; secret: string | null }>
  client(made: { application: Application; secret: string | null }): Promise<Configuration>
  /** The person's side of the round trip: from the address that the client made to the one that the browser is sent to. */
  connect(url: URL, who?: SignedIn, allow?: boolean): Promise<URL>
}

export async function applicationsNode(egressAllow: readonly string[] = []): Promise<ApplicationsNode> {
  const node = await identityNode({
    egressAllow,
    above: { modules: [approvalsModule, applicationsModule], plugs: { authenticate, stillHold, allowed: authorize } },
  })
  declareReviewKinds(node.door.node, applicationsModule.reviewKinds ?? [])
  // The library that makes tokens has the machine's clock and no other.
  node.clock.set(Date.now())
  const operations = [...applicationsModule.operations, readOwn, exportOwn, listTeams]
  const http = await openHttp({ door: node.door, operations, rateLimits: false, ready: async () => true, followUps: followUps(node.door) })
  const as = (who: SignedIn, more: object = {}) => browser({ sessionToken: who.session_token, ...more })

  const admin1 = await node.firstAdministrator()
  const { token } = await node.done<{ token: string }>(invite, { name: 'Grace', email: 'grace@example.org', roles: ['administrator', 'officer'] }, as(admin1))
  const admin2 = await node.done<SignedIn>(acceptInvitation, { token, password })
  const known = await bySession(node.door.node, as(admin2))
  if (known === undefined || known === 'failed') throw new Error('not known')
  const home = known.tenant
  await node.database.transaction(home, (tx) => registerSubjects(tx, node.door.node, ['C000001']))
  const invited = await node.done<{ token: string }>(invitePerson, { user_id: 'C000001', email: 'jane@example.org', name: 'Jane' }, as(admin2))
  const jane = await node.done<SignedIn>(acceptInvitation, { token: invited.token, password })

  const answer = async (url: string, init: RequestInit = {}): Promise<Response> => {
    if (!url.startsWith(`${origin}/`)) throw new Error(`a request left for ${url}`)
    const body = init.body === undefined || init.body === null ? undefined : String(init.body)
    const given = await http.inject({
      method: (init.method ?? 'GET') as 'GET',
      url: url.slice(origin.length),
      headers: Object.fromEntries(new Headers(init.headers).entries()),
      ...(body === undefined ? {} : { payload: body }),
    })
    return new Response([204, 304].includes(given.statusCode) ? null : given.payload, {
      status: given.statusCode,
      headers: given.headers as Record<string, string>,
    })
  }
  return {
    ...node,
    http,
    home,
    admin1,
    admin2,
    jane,
    as,
    fetch: answer,
    async application(more = {}, live = true) {
      const wanted = {
        name: 'Budget helper',
        purpose: 'Shows you who has received your data.',
        redirect_uris: [redirect],
        scopes: [{ area: 'own_disclosure', level: 'read' }],
        claims: ['email'],
        ...more,
      }
      const made = await node.done<{ application: Application; secret: string | null }>(register, wanted, as(admin1))
      if (!live) return made
      await node.done(submit, { application: made.application.id }, as(admin1))
      return { ...made, application: await node.done<Application>(admit, { application: made.application.id, revision: 1 }, as(admin2)) }
    },
    async client({ application, secret }) {
      const config = await discovery(new URL(origin), application.id, undefined, secret === null ? None() : ClientSecretBasic(secret), {
        execute: [allowInsecureRequests],
        [customFetch]: answer as never,
      })
      return config
    },
    async connect(url, who = jane, allow = true) {
      const request = Object.fromEntries(url.searchParams)
      const shown = await node.done<{ location: string | null; revision: number }>(question, request, as(who))
      if (shown.location !== null) return new URL(shown.location)
      return new URL((await node.done<{ location: string }>(decide, { ...request, allow, revision: shown.revision }, as(who))).location)
    },
    async close() {
      await http.close()
      await node.close()
    },
  }
}
