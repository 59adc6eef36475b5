/** A release from the request to the delivery, as its entries tell it: what happened, how long after the step before, how long it took. Pure. */
import type { Entry } from '../../../api.ts'

export interface Step {
  readonly entry: string
  readonly type: string
  readonly at: string
  readonly decision: string | undefined
  /** Since the step before; absent for the first. */
  readonly afterMs: number | undefined
  /** How long the node worked on it. */
  readonly tookMs: number | undefined
  readonly actor: { readonly kind: string; readonly id: string }
  readonly reasons: readonly string[]
  readonly bytes: number | undefined
  /** False where what was sent did not arrive whole. */
  readonly delivered: boolean | undefined
  /** Thumbprint of the key by which the receiver proved itself. */
  readonly receiverKey: string | undefined
}

/** @param entries oldest first */
export function courseOf(entries: readonly Pick<Entry, 'id' | 'body'>[]): Step[] {
  return entries.map(({ id, body }, at) => {
    const before = entries[at - 1]
    const { reasons, bytes, delivered, receiver_key: receiverKey } = body.details ?? {}
    return {
      entry: id,
      type: body.type,
      at: body.at,
      decision: body.decision,
      afterMs: before === undefined ? undefined : Math.max(0, Date.parse(body.at) - Date.parse(before.body.at)),
      tookMs: body.took_ms,
      actor: body.actor,
      reasons: Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === 'string') : [],
      bytes: typeof bytes === 'number' ? bytes : undefined,
      delivered: typeof delivered === 'boolean' ? delivered : undefined,
      receiverKey: typeof receiverKey === 'string' ? receiverKey : undefined,
    }
  })
}

export interface Ground {
  readonly policies: readonly { readonly policy: string; readonly version: number }[]
  readonly consents: readonly string[]
}

/** The policies and consents on which the decision rested, as its entry names them. */
export function groundOf(entries: readonly Pick<Entry, 'body'>[]): Ground {
  const details = entries.find(({ body }) => body.type === 'release.authorize' && body.decision === 'permit')?.body.details
  return {
    policies: listOf(details?.policies).flatMap(({ policy_id, policy_version }) =>
      typeof policy_id === 'string' && typeof policy_version === 'number' ? [{ policy: policy_id, version: policy_version }] : [],
    ),
    consents: listOf(details?.consents).flatMap(({ consent_id }) => (typeof consent_id === 'string' ? [consent_id] : [])),
  }
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null) : []
}
