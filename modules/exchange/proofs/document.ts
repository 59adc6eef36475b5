/** The proof as a file: written from what is kept, and checked piece by piece, from the signature of the log down to the proof. */
import type { Instant } from '@gatehouse/core/instant'
import { instantMs } from '@gatehouse/core/instant'
import { kimchiId, type LargeSet, type LargeStatement, type LeafOpening, largeSetBytes } from '@gatehouse/credentials/zero-knowledge/large-set'
import { oneOutOfMany, oneOutOfManyId } from '@gatehouse/credentials/zero-knowledge/one-out-of-many'
import type { ProofSystem } from '@gatehouse/credentials/zero-knowledge/proof-system'
import { type ConsentSet, freshnessSeconds, isFresh } from '@gatehouse/credentials/zero-knowledge/statement'
import { fromBase64, fromHex, toBase64, toHex, utf8Text } from '@gatehouse/crypto/bytes'
import type { Element, Group } from '@gatehouse/crypto/group/group'
import type { Primitives, Verify } from '@gatehouse/crypto/primitives'
import { openCheckpoint } from '@gatehouse/transparency/checkpoint'
import { leafHash } from '@gatehouse/transparency/merkle'
import { parseNoteKey } from '@gatehouse/transparency/note'
import { verifyInclusion } from '@gatehouse/transparency/proof'
import type { ProofDocument } from './schema.ts'
import { setLeaf, setsTree, splitMembers } from './sets.ts'
import type { ProofWithSet } from './store.ts'

export function documentOf(primitives: Pick<Primitives, 'sha256'>, row: ProofWithSet, leaves: readonly Uint8Array[]): ProofDocument {
  // A log that had to go on under another origin proves under that one.
  const [origin = ''] = row.checkpoint.split('\n', 1)
  return {
    format: 'gatehouse-consent-proof',
    version: 1,
    system: row.system,
    statement: {
      origin,
      grantee: row.grantee,
      scope: row.scope,
      expiry: row.expiry,
      time: row.proven_for,
      request_hash: toHex(row.request_hash),
      verifier: row.verifier,
    },
    set: {
      ...(row.root === null ? { members: splitMembers(row.members).map(toBase64) } : { size: row.members.length / 32, root: toBase64(row.root) }),
      place: row.place,
      sets: leaves.length,
      proof: setsTree(primitives.sha256, leaves).pathOf(row.place).map(toBase64),
    },
    publication: { index: row.entry_index, body: toBase64(row.entry_body), proof: row.entry_proof.map(toBase64) },
    checkpoint: row.checkpoint,
    proof: toBase64(row.proof),
  }
}

export type DocumentFault =
  | 'key_malformed'
  | 'checkpoint_refused'
  | 'other_log'
  | 'publication_not_in_log'
  | 'not_a_publication'
  | 'set_not_published'
  | 'stale'
  | 'unknown_system'
  /** It may hold; this node has not got what it takes to tell. */
  | 'system_not_installed'
  | 'set_too_small'
  | 'set_too_large'
  | 'set_not_canonical'
  | 'malformed'
  | 'not_proven'

export type DocumentVerdict = { readonly outcome: 'proven'; readonly nullifier: Uint8Array } | { readonly outcome: 'refused'; readonly reason: DocumentFault }

const refused = (reason: DocumentFault): DocumentVerdict => ({ outcome: 'refused', reason })

export interface DocumentTools {
  readonly group: Group
  readonly sha256: Primitives['sha256']
  readonly verify: Verify
  /** For proofs over large sets, where it is installed. */
  readonly kimchi?: ProofSystem<LeafOpening, LargeStatement> | undefined
}

/**
 * @param vkey the verifier key of the log, from a source that the verifier trusts; never from the document
 * @param now holds the proof to the last ten minutes; left out for one that is looked at later
 */
export async function checkDocument(tools: DocumentTools, document: ProofDocument, vkey: string, now?: Instant): Promise<DocumentVerdict> {
  const { sha256 } = tools
  const key = parseNoteKey(sha256, vkey)
  if (key === undefined) return refused('key_malformed')
  const opened = openCheckpoint(tools.verify, document.checkpoint, key)
  if (opened.outcome === 'refused') return refused('checkpoint_refused')
  const { origin, size, root } = opened.checkpoint
  const { statement, set, publication } = document
  if (statement.origin !== origin) return refused('other_log')

  const body = bytes(publication.body)
  const path = publication.proof.map(bytes)
  if (!verifyInclusion(sha256, { index: publication.index, size, leafHash: leafHash(sha256, body), root }, path)) return refused('publication_not_in_log')
  const published = publicationIn(body)
  if (published === undefined) return refused('not_a_publication')

  const about = setIn(document)
  if (about === 'malformed') return refused('malformed')
  const leaf = 'members' in about ? setLeaf(sha256, about) : leafHash(sha256, largeSetBytes(about))
  const claim = { index: set.place, size: set.sets, leafHash: leaf, root: published.root }
  if (published.sets !== set.sets || !verifyInclusion(sha256, claim, set.proof.map(bytes))) return refused('set_not_published')

  const time = statement.time
  if (!isFresh(published.at, time)) return refused('stale')
  if (now !== undefined && Math.abs(instantMs(now) - instantMs(time)) > freshnessSeconds * 1_000) return refused('stale')
  const full = {
    origin,
    checkpoint: { size, root },
    time,
    requestHash: fromHex(statement.request_hash) ?? new Uint8Array(0),
    verifier: statement.verifier,
  }
  const proof = bytes(document.proof)
  if (document.system === oneOutOfManyId && 'members' in about) return oneOutOfMany(tools.group).verify({ ...full, set: about }, proof)
  if (document.system !== kimchiId || 'members' in about) return refused('unknown_system')
  return tools.kimchi === undefined ? refused('system_not_installed') : tools.kimchi.verify({ ...full, set: about }, proof)
}

/** A set with its members, or a large one by its root. */
function setIn({ statement: { grantee, scope, expiry }, set }: ProofDocument): ConsentSet | LargeSet | 'malformed' {
  const group = { grantee, scope, expiry }
  if ('root' in set) {
    const root = bytes(set.root)
    return root.length === 32 && expiry === 'any' ? { group, size: set.size, root } : 'malformed'
  }
  const members = set.members.map(bytes) as Element[]
  return members.every((member) => member.length === 32) ? { group, members } : 'malformed'
}

const bytes = (text: string): Uint8Array => fromBase64(text) ?? new Uint8Array(0)

function publicationIn(body: Uint8Array): { at: Instant; root: Uint8Array; sets: number } | undefined {
  try {
    const { type, at, details } = JSON.parse(utf8Text(body) ?? '')
    const root = fromHex(String(details.sets_root))
    return type === 'proofs.published' && root?.length === 32 && Number.isSafeInteger(details.sets) ? { at, root, sets: details.sets } : undefined
  } catch {
    return undefined
  }
}
