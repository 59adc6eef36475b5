/**
 * What an approval asks for. The node keeps the digest of the request and not the request, so the page looks for the one request
 * that has this digest. What it then shows is what will happen, and not what somebody says will happen.
 */
import { canonical } from '../../../../../verify/jcs.ts'
import { NoCryptography, webCryptography } from '../../../../../verify/web-cryptography.ts'
import type { PolicyItem } from '../policies/queries.ts'

/** A version of a policy that is to be put in force. */
export interface Asked {
  readonly policy: PolicyItem
  readonly version: number
  /** How the policy was named; whoever approves must name it so too. */
  readonly key: string
}

/** Every request to publish that could be made now, by the digest (SHA-256, hex) of its canonical JSON. */
export function publishRequests(policies: readonly PolicyItem[]): Promise<ReadonlyMap<string, Asked>> {
  const possible = policies.filter(({ state }) => state !== 'retired').flatMap(draftsOf)
  return byDigest(possible, ({ key, version }) => ({ policy: key, version: String(version) }))
}

/** Versions beyond the one in force are drafts, and a policy may be named by its id or by its uid. */
function draftsOf(policy: PolicyItem): Asked[] {
  const first = (policy.active_version ?? 0) + 1
  const versions = Array.from({ length: Math.max(0, policy.newest_version - first + 1) }, (_, at) => first + at)
  return versions.flatMap((version) => [policy.id, policy.uid].map((key) => ({ policy, version, key })))
}

/** Every erasure that waits, by the digest of the request to approve it. */
export function erasureRequests(erasures: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return byDigest(erasures, (erasure) => ({ erasure }))
}

/** Without cryptography nothing can be told, and the page says so. */
async function byDigest<T>(asked: readonly T[], request: (one: T) => Readonly<Record<string, string>>): Promise<ReadonlyMap<string, T>> {
  try {
    const { sha256 } = webCryptography()
    const digest = async (one: T) => hex(await sha256(new TextEncoder().encode(canonical(request(one)))))
    return new Map(await Promise.all(asked.map(async (one) => [await digest(one), one] as const)))
  } catch (error) {
    if (error instanceof NoCryptography) return new Map()
    throw error
  }
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
