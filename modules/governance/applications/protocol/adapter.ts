/**
 * Where the library keeps what it has to keep: in the transaction of the act that it serves, so that a code, its use and the entry in the
 * ledger stand or fall together. Of codes and tokens only a hash is kept. Grants are connections, and a session is whoever acts.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type Id, isUuid } from '@gatehouse/core/id'
import { addSeconds, instantMs } from '@gatehouse/core/instant'
import { lengthPrefixed, toHex } from '@gatehouse/crypto/bytes'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import type { Adapter, AdapterPayload, ClientMetadata } from 'oidc-provider'
import { running } from '../states.ts'
import type { ApplicationRow } from '../store.ts'
import { consumeArtifact, deleteArtifact, endConnections, insertArtifact, lockArtifact, openConnection } from '../store.ts'
import { library } from './library.ts'

/** What the library is asked within. */
export interface Serving {
  readonly ctx: Pick<TransactionContext, 'tx' | 'node' | 'tenant' | 'now'>
  readonly application: ApplicationRow
  /** Audiences that tokens may be made for, beside the node itself. */
  readonly audiences: readonly string[]
  /** At the page that asks: who sits there, and what they said. */
  readonly person?: Pick<Principal, 'id' | 'provenAtMs'>
  readonly decision?: 'deny' | { readonly allow: Id<'connection'> }
}

export const serving = new AsyncLocalStorage<Serving>()

export function served(): Serving {
  const act = serving.getStore()
  if (act === undefined) throw new Error('the protocol is spoken within an act only')
  return act
}

/** The name that this browser's session goes by towards the library, within one request. */
export const sessionName = 'here'

export function artifactHash({ node }: Pick<TransactionContext, 'node'>, kind: string, id: string): Uint8Array {
  return node.keys.primitives.sha256(lengthPrefixed([kind, id]))
}

/** Kinds that are kept as rows. Nothing else of the library's is offered. */
const kept = new Set(['AuthorizationCode', 'RefreshToken', 'ReplayDetection'])

export class ActAdapter implements Adapter {
  readonly #kind: string

  constructor(kind: string) {
    this.#kind = kind
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const { ctx } = served()
    if (this.#kind === 'Client') return clientOf(served(), id) as AdapterPayload | undefined
    if (this.#kind === 'Session') return id === sessionName ? sessionOf(served()) : undefined
    if (this.#kind === 'Grant') return grantOf(served(), id)
    if (!kept.has(this.#kind)) return undefined
    const row = await lockArtifact(ctx.tx, ctx.tenant, this.#kind, artifactHash(ctx, this.#kind, id))
    if (row === undefined) return undefined
    return { ...row.payload, jti: id, ...(row.consumed_at === null ? {} : { consumed: Math.floor(instantMs(row.consumed_at) / 1000) }) }
  }

  async upsert(id: string, { jti: _, ...payload }: AdapterPayload, expiresIn: number): Promise<void> {
    if (!kept.has(this.#kind)) return
    const { ctx } = served()
    const connection = typeof payload.grantId === 'string' ? payload.grantId : null
    const expiresAt = addSeconds(ctx.now, expiresIn)
    const fresh = await insertArtifact(ctx.tx, ctx.tenant, this.#kind, artifactHash(ctx, this.#kind, id), { connection, payload, expiresAt })
    // Two with the same proof at the same moment both looked before either wrote.
    if (!fresh) throw new (await library()).errors.InvalidDpopProof('the proof was seen before')
  }

  async consume(id: string): Promise<void> {
    const { ctx } = served()
    await consumeArtifact(ctx.tx, ctx.tenant, this.#kind, artifactHash(ctx, this.#kind, id), ctx.now)
  }

  async destroy(id: string): Promise<void> {
    const { ctx } = served()
    if (this.#kind === 'Grant' && isUuid(id)) await endConnections(ctx.tx, ctx.tenant, { id }, ctx.now)
    else if (kept.has(this.#kind)) await deleteArtifact(ctx.tx, ctx.tenant, this.#kind, artifactHash(ctx, this.#kind, id))
  }

  /** Codes and tokens go with the connection that they came from. */
  async revokeByGrantId(id: string): Promise<void> {
    const { ctx } = served()
    await endConnections(ctx.tx, ctx.tenant, { id }, ctx.now)
  }

  async findByUid(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
}

/** An application as the library knows clients. Its secret is the hash of one: `provider.ts` says how it is compared. */
function clientOf(
  { application: { id, name, state, confidential, secret_hash: hash, redirect_uris: uris, acts_by_itself, proves_key, deployment_id } }: Serving,
  wanted: string,
): ClientMetadata | undefined {
  if (wanted !== id || running(state) === undefined || deployment_id !== null) return undefined
  const asks = uris.length > 0
  return {
    client_id: id,
    client_name: name,
    ...(confidential && hash !== null
      ? { client_secret: toHex(hash), token_endpoint_auth_method: 'client_secret_basic' }
      : { token_endpoint_auth_method: 'none' }),
    // Programs on somebody's own machine take whatever port is free there (RFC 8252 section 7.3).
    application_type: uris.some((uri) => uri.startsWith('http:')) ? 'native' : 'web',
    redirect_uris: [...uris],
    response_types: asks ? ['code'] : [],
    grant_types: [...(asks ? ['authorization_code', 'refresh_token'] : []), ...(acts_by_itself ? ['client_credentials'] : [])],
    dpop_bound_access_tokens: proves_key,
    id_token_signed_response_alg: 'ES256',
  }
}

function sessionOf({ person }: Serving): AdapterPayload | undefined {
  if (person === undefined) return undefined
  return {
    kind: 'Session',
    jti: sessionName,
    uid: sessionName,
    accountId: person.id,
    ...(person.provenAtMs === undefined ? {} : { loginTs: Math.floor(person.provenAtMs / 1000) }),
  }
}

async function grantOf({ ctx, application }: Serving, id: string): Promise<AdapterPayload | undefined> {
  const row = isUuid(id) ? await openConnection(ctx.tx, ctx.tenant, id) : undefined
  if (row === undefined || row.application_id !== application.id) return undefined
  return {
    kind: 'Grant',
    jti: row.id,
    accountId: row.user_id,
    clientId: application.id,
    iat: Math.floor(instantMs(row.created_at) / 1000),
    openid: { scope: row.scope },
    resources: { [row.audience]: row.scope },
  }
}
