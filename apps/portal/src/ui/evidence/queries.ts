/** Fetches evidence from the node and judges it here. Nothing of it is cached: whoever looks again is shown what is true now. */
import { type SuccessionClaim, verifyInclusion } from '@gatehouse/verify/browser'
import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Entry, statusOf } from '../../api.ts'
import { type FollowedLog, followLog, type LogRefusal, type Ports, type Stated } from './follow-log.ts'

export type EntryProof = Answer<'/v1/logs/{entry}/proof'>

export interface CheckedEntry {
  readonly entry: Entry
  readonly proof: EntryProof
  readonly log: FollowedLog | LogRefusal
  readonly inclusion: Awaited<ReturnType<typeof verifyInclusion>>
}

/** Entries of one object that are verified at once. */
export const verifiedMax = 50
/** Proofs that are asked for side by side. */
const abreast = 4

/** How the log changed its keys; to whoever may not read it, it does not say. */
export async function readKeyChanges(origin: string): Promise<SuccessionClaim | undefined> {
  try {
    return await ask(() => api.GET('/logs/{log}/key-changes', { params: { path: { log: origin.split('/')[1] ?? '' } } }))
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

const ports: Ports = {
  readKeyChanges,
  keep: globalThis.localStorage,
  now: () => new Date().toISOString(),
  async readGrowth(from, to) {
    try {
      return (await ask(() => api.GET('/v1/ledger/consistency', { params: { query: { from, to } } }))).proof
    } catch (error) {
      if (statusOf(error) === 400) return undefined
      throw error
    }
  },
}

/** The proof in the open format (C2SP tlog-proof), under the checkpoint that outsiders are shown. */
export function readTlogProof(entry: string): Promise<string> {
  return ask(() => api.GET('/v1/logs/{entry}/tlog-proof', { params: { path: { entry } }, parseAs: 'text' }))
}

let last: Promise<unknown> = Promise.resolve()

/** One after the other: two answers that are judged at once would both be held against the memory from before. */
function follow(stated: Stated): Promise<FollowedLog | LogRefusal> {
  const next = last.then(() => followLog(stated, ports))
  last = next.catch(() => {})
  return next
}

async function checkEntry(entry: Entry, signal: AbortSignal): Promise<CheckedEntry> {
  const proof = await ask(() => api.GET('/v1/logs/{entry}/proof', { params: { path: { entry: entry.id } }, signal }))
  const log = await follow(proof)
  return { entry, proof, log, inclusion: await verifyInclusion({ ...proof, shown: entry.body }, proof.vkey) }
}

/** An entry gets its place within a second of its act; until then there is nothing to prove. */
const untilIntegrated = {
  retry: (failures: number, error: Error) => statusOf(error) === 409 && failures < 10,
  retryDelay: 400,
}
const never = { staleTime: 0, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false }

export const evidenceKey = ['evidence'] as const

export function entryEvidence(entry: Entry) {
  return queryOptions({ queryKey: [...evidenceKey, 'entry', entry.id], queryFn: ({ signal }) => checkEntry(entry, signal), ...never, ...untilIntegrated })
}

/** The newest entries about an object, each checked. */
export function objectEvidence(kind: string, id: string) {
  return queryOptions({
    queryKey: [...evidenceKey, 'object', kind, id],
    async queryFn({ signal }) {
      const query = { object_kind: kind, object_id: id, limit: verifiedMax }
      const { data, next } = await ask(() => api.GET('/v1/logs', { params: { query }, signal }))
      const checked: CheckedEntry[] = []
      for (let at = 0; at < data.length; at += abreast)
        checked.push(...(await Promise.all(data.slice(at, at + abreast).map((entry) => checkEntry(entry, signal)))))
      return { checked, more: next !== null }
    },
    ...never,
    ...untilIntegrated,
  })
}

/** The newest checkpoint and whether the log is still the one that this browser knows. */
export const logEvidence = queryOptions({
  queryKey: [...evidenceKey, 'log'],
  async queryFn({ signal }) {
    const stated = await ask(() => api.GET('/v1/ledger/checkpoint', { signal }))
    return { stated, log: await follow(stated) }
  },
  ...never,
})
export type LogEvidence = Awaited<ReturnType<NonNullable<typeof logEvidence.queryFn>>>
