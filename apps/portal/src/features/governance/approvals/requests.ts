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
export async function publishRequests(policies: readonly PolicyItem[]): Promise<ReadonlyMap<string, Asked>> {
  const possible = policies.filter(({ state }) => state !== 'retired').flatMap(draftsOf)
  try {
    const { sha256 } = webCryptography()
    const digest = async ({ key, version }: Asked) => hex(await sha256(new TextEncoder().encode(canonical({ policy: key, version: String(version) }))))
    return new Map(await Promise.all(possible.map(async (asked) => [await digest(asked), asked] as const)))
  } catch (error) {
    // Without cryptography nothing can be told, and the page says so.
    if (error instanceof NoCryptography) return new Map()
    throw error
  }
}

/** Versions beyond the one in force are drafts, and a policy may be named by its id or by its uid. */
function draftsOf(policy: PolicyItem): Asked[] {
  const first = (policy.active_version ?? 0) + 1
  const versions = Array.from({ length: Math.max(0, policy.newest_version - first + 1) }, (_, at) => first + at)
  return versions.flatMap((version) => [policy.id, policy.uid].map((key) => ({ policy, version, key })))
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
