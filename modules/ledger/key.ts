/** The name of a tenant's log and the keys that sign its checkpoints. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { nodeVerify } from '@gatehouse/crypto/node'
import type { Signer } from '@gatehouse/crypto/primitives'
import type { Tx } from '@gatehouse/runtime/data/db'
import { signingSecret } from '@gatehouse/runtime/data/keys/keys'
import { listSigning, type SigningRow } from '@gatehouse/runtime/data/keys/store'
import type { Node } from '@gatehouse/runtime/door/node'
import { formatNoteKey, type NoteKey, noteKey, openNote } from '@gatehouse/transparency/note'
import { signersMax } from './schema.ts'
import { placedEntries } from './store.ts'

/**
 * The log's origin (C2SP tlog-checkpoint), which is also its key's name.
 * @param generation 1, unless the log had to go on under an origin of its own because its database was behind its head
 */
export function logOrigin(tenant: Id<'tenant'>, generation = 1): string {
  return generation === 1 ? `gatehouse/${tenant}` : `gatehouse/${tenant}/${generation}`
}

/** The origin that a note of this tenant's log names: its first, or a successor's. */
export function originOf(tenant: Id<'tenant'>, note: string): string {
  const [origin = ''] = note.split('\n', 1)
  const [, generation] = origin.startsWith(`${logOrigin(tenant)}/`) ? (/\/([2-9]|[1-9][0-9]{1,8})$/.exec(origin) ?? []) : []
  return logOrigin(tenant, generation === undefined ? 1 : Number(generation))
}

export const logSecretName = 'ledger/log'

/** One generation of the key, and the place of the entry that names it: checkpoints over more entries are signed by it. */
interface Generation {
  readonly signer: Signer
  readonly from: number
}

/**
 * The generations whose entry has its place in the log, or gets it now: those after the first sign only from there on.
 * @param placing entries that are being placed, from this index on
 */
async function generationsIn(
  tx: Tx,
  node: Node,
  tenant: Id<'tenant'>,
  rows: readonly SigningRow[],
  placing?: { first: number; ids: readonly Id<'entry'>[] },
): Promise<Generation[]> {
  const before =
    rows.length === 0
      ? []
      : await placedEntries(
          tx,
          rows.map((row) => row.entry_id),
        )
  const places = new Map(before.map(({ id, index }) => [id, index]))
  for (const [at, id] of (placing?.ids ?? []).entries()) if (!places.has(id)) places.set(id, (placing?.first ?? 0) + at)
  const placed = rows.flatMap(({ generation, entry_id }) => {
    const index = places.get(entry_id)
    return index === undefined ? [] : [{ generation, from: index }]
  })
  return Promise.all(
    [{ generation: 1, from: -1 }, ...placed].map(async ({ generation, from }) => ({
      signer: await node.keys.signer(tenant, signingSecret(logSecretName, generation)),
      from,
    })),
  )
}

/** Those who sign the next checkpoint: the newest, and those before it that sign along for a while. */
export async function logSigners(
  tx: Tx,
  node: Node,
  tenant: Id<'tenant'>,
  now: Instant,
  placing: { first: number; ids: readonly Id<'entry'>[] },
): Promise<Signer[]> {
  const rows = await listSigning(tx, logSecretName)
  const generations = await generationsIn(tx, node, tenant, rows, placing)
  const along = generations.slice(0, -1).filter((_, at) => (rows[at]?.earlier_until ?? '') > now)
  return [...along, ...generations.slice(-1)].slice(-signersMax).map(({ signer }) => signer)
}

/** Whose signature a checkpoint over so many entries must bear. In the tenant's transaction. */
export async function logSpans(tx: Tx, node: Node, tenant: Id<'tenant'>): Promise<(size: number) => Signer> {
  const generations = await generationsIn(tx, node, tenant, await listSigning(tx, logSecretName))
  const first = await node.keys.signer(tenant, logSecretName)
  return (size) => generations.findLast(({ from }) => from < size)?.signer ?? first
}

/** The keys of the origin in all generations, the newest last. */
export async function logKeys(node: Node, tenant: Id<'tenant'>, origin = logOrigin(tenant)): Promise<NoteKey[]> {
  const { generations } = await node.keys.signing(tenant, logSecretName)
  return generations.map(({ publicKey }) => noteKey(node.keys.primitives.sha256, origin, publicKey))
}

export async function logVkeys(node: Node, tenant: Id<'tenant'>, origin?: string): Promise<string[]> {
  return (await logKeys(node, tenant, origin)).map(formatNoteKey)
}

/**
 * The verifier key as text (C2SP signed-note): what an auditor has to know to check anything that this log says.
 * @param note one of the log, to get the newest key that signed it, of the origin that it names
 */
export async function logVkey(node: Node, tenant: Id<'tenant'>, note?: string): Promise<string> {
  const keys = await logKeys(node, tenant, note === undefined ? undefined : originOf(tenant, note))
  const opened = note === undefined ? undefined : openNote(nodeVerify, note, keys)
  const signed = opened?.outcome === 'opened' ? keys.findLast((key) => opened.signedBy.includes(key)) : undefined
  const [first] = keys
  if (first === undefined) throw new Error('a log has no key')
  return formatNoteKey(signed ?? first)
}
