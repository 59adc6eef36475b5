/**
 * Secrets in the key-value engine (version 2) of HashiCorp Vault, or of what speaks the same (OpenBao). Each tenant has a folder of its own,
 * `<folder>/<tenant>/`; a put is a check-and-set on the version before, and the service keeps the newest two.
 */
import type { Id } from '@gatehouse/core/id'
import { fromBase64, toBase64 } from '@gatehouse/crypto/bytes'
import type { Source } from '../../base/context.ts'
import type { Egress, EgressAnswer } from '../egress.ts'
import { checkSecret, checkSecretName, type SecretFacts, type SecretStore, SecretStoreError } from './secret-store.ts'

export interface KvInput {
  /** Such as `https://vault.example.org:8200`. */
  readonly address: string
  /** Where the engine is mounted; `secret` as a rule. */
  readonly mount: string
  /** In front of the tenants' folders. */
  readonly folder: string
  readonly token: string
}

const timeoutMs = 10_000
const bytesMax = 1_048_576
/** Puts of one name that may get in each other's way before one gives up. */
const triesMax = 20
/** Names that are asked for at the same time. */
const atOnceMax = 8

interface Version {
  readonly version: number
  readonly createdMs: number
  readonly value: Uint8Array
  readonly leaseSeconds: number
}

export function vaultKv(egress: Pick<Egress, 'send'>, { address, mount, folder, token }: KvInput, source: Pick<Source, 'nowMs'>): SecretStore {
  const root = `${address.replace(/\/$/, '')}/v1/${mount}`

  /** @returns the answer's `data`; `undefined` where there is nothing; `conflict` where another version was there than the one named */
  async function ask(method: 'GET' | 'POST' | 'DELETE', place: 'data' | 'metadata', path: string, body?: object): Promise<object | 'conflict' | undefined> {
    const answer = await egress
      .send(`${root}/${place}/${folder}/${path}`, {
        method,
        headers: { 'x-vault-token': token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs,
        bytesMax,
      })
      .catch((cause: Error) => {
        throw new SecretStoreError('the store of secrets cannot be reached', { cause })
      })
    if (answer.status === 404) return undefined
    if (answer.status === 400 && isConflict(answer)) return 'conflict'
    if (answer.status >= 300)
      throw new SecretStoreError(
        `the store of secrets answered ${answer.status}${answer.status === 403 ? ': the token may not use this folder, or has run out' : ''}`,
      )
    return dataOf(answer)
  }

  async function versionOf(tenant: string, name: string, version: number): Promise<Version | undefined> {
    const found = (await ask('GET', 'data', `${tenant}/${name}?version=${version}`)) as { data?: unknown; metadata?: unknown } | undefined
    const { value, lease_seconds } = (found?.data ?? {}) as { value?: unknown; lease_seconds?: unknown }
    const { created_time } = (found?.metadata ?? {}) as { created_time?: unknown }
    if (found === undefined || found.data === null) return undefined
    const bytes = typeof value === 'string' ? fromBase64(value) : undefined
    if (bytes === undefined || typeof lease_seconds !== 'number')
      throw new SecretStoreError(`the secret ${name} is not in the form in which it was put: somebody else wrote there`)
    return { version, createdMs: momentOf(created_time), value: bytes, leaseSeconds: lease_seconds }
  }

  /** 0 where there is none. */
  async function newestOf(tenant: string, name: string): Promise<number> {
    const found = (await ask('GET', 'metadata', `${tenant}/${name}`)) as { current_version?: unknown } | undefined
    return typeof found?.current_version === 'number' ? found.current_version : 0
  }

  async function newestTwo(tenant: string, name: string): Promise<{ newest: Version; earlier: Version | undefined } | undefined> {
    const current = await newestOf(tenant, name)
    const [newest, earlier] =
      current === 0 ? [] : await Promise.all([versionOf(tenant, name, current), current > 1 ? versionOf(tenant, name, current - 1) : undefined])
    return newest === undefined ? undefined : { newest, earlier }
  }

  function factsOf(name: string, { newest, earlier }: { newest: Version; earlier: Version | undefined }): SecretFacts {
    const until = earlier === undefined ? 0 : newest.createdMs + earlier.leaseSeconds * 1000
    return {
      name,
      version: newest.version,
      createdMs: newest.createdMs,
      leaseSeconds: newest.leaseSeconds,
      ...(until > source.nowMs() ? { earlierUntilMs: until } : {}),
    }
  }

  async function namesBelow(path: string): Promise<string[]> {
    const found = (await ask('GET', 'metadata', `${path}?list=true`)) as { keys?: unknown } | undefined
    const keys = Array.isArray(found?.keys) ? found.keys.filter((key) => typeof key === 'string') : []
    const names: string[] = []
    for (const key of keys) {
      if (key.endsWith('/')) names.push(...(await namesBelow(`${path}/${key.slice(0, -1)}`)).map((below) => key + below))
      else names.push(key)
    }
    return names
  }

  async function remove(tenant: string, name: string): Promise<boolean> {
    if ((await newestOf(tenant, name)) === 0) return false
    await ask('DELETE', 'metadata', `${tenant}/${name}`)
    return true
  }

  return {
    kind: 'vault',
    async put(tenant, name, value, leaseSeconds) {
      checkSecret(name, value, leaseSeconds)
      for (let tries = 0; tries < triesMax; tries++) {
        const cas = await newestOf(tenant, name)
        if (cas === 0) await ask('POST', 'metadata', `${tenant}/${name}`, { max_versions: 2, cas_required: true })
        const made = await ask('POST', 'data', `${tenant}/${name}`, { data: { value: toBase64(value), lease_seconds: leaseSeconds }, options: { cas } })
        if (made === 'conflict') continue
        const { version, created_time } = (made ?? {}) as { version?: unknown; created_time?: unknown }
        if (typeof version !== 'number') throw new SecretStoreError('the store of secrets did not say which version it made')
        const earlier = version > 1 ? await versionOf(tenant, name, version - 1) : undefined
        return factsOf(name, { newest: { version, createdMs: momentOf(created_time), value, leaseSeconds }, earlier })
      }
      throw new SecretStoreError('too many put the same secret at the same time')
    },
    async read(tenant, name, wanted) {
      checkSecretName(name)
      const two = await newestTwo(tenant, name)
      const found = two && [two.newest, two.earlier].find((one) => one?.version === (wanted ?? two.newest.version))
      if (two === undefined || found === undefined) return undefined
      const nowMs = source.nowMs()
      const endsMs = found === two.newest ? Number.POSITIVE_INFINITY : two.newest.createdMs + found.leaseSeconds * 1000
      return endsMs <= nowMs ? undefined : { value: found.value, version: found.version, leaseEndsMs: Math.min(nowMs + found.leaseSeconds * 1000, endsMs) }
    },
    async describe(tenant, name) {
      const two = await newestTwo(tenant, checkSecretName(name))
      return two && factsOf(name, two)
    },
    async list(tenant) {
      const names = (await namesBelow(tenant)).sort()
      const all: SecretFacts[] = []
      for (let at = 0; at < names.length; at += atOnceMax) {
        const some = await Promise.all(names.slice(at, at + atOnceMax).map(async (name) => ({ name, two: await newestTwo(tenant, name) })))
        all.push(...some.flatMap(({ name, two }) => (two === undefined ? [] : [factsOf(name, two)])))
      }
      return all
    },
    delete: async (tenant, name) => remove(tenant, checkSecretName(name)),
    async forget(tenant: Id<'tenant'>) {
      let count = 0
      for (const name of await namesBelow(tenant)) if (await remove(tenant, name)) count++
      return count
    },
  }
}

function dataOf({ body }: EgressAnswer): object {
  try {
    const { data } = JSON.parse(body) as { data?: unknown }
    return typeof data === 'object' && data !== null ? data : {}
  } catch {
    return {}
  }
}

function isConflict({ body }: EgressAnswer): boolean {
  return body.includes('check-and-set')
}

function momentOf(text: unknown): number {
  const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw new SecretStoreError('the store of secrets gave no time of a version')
  return ms
}
