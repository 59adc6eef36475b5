/** What belongs into a bundle, read from the modules that keep it. It opens nothing: values stay sealed. */
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type Block, headEntry, subjectChain } from '../../../custody/vault/index.ts'
import { consentDocument } from '../../../governance/consents/index.ts'
import { policyDocument } from '../../../governance/policies/index.ts'
import { entriesAbout } from '../../../ledger/index.ts'
import { problems } from '../problems.ts'
import type { GrantRow } from '../store.ts'
import { bundleBlocksMax } from './schema.ts'

export interface GatheredDocument {
  readonly kind: string
  readonly id: string
  readonly version?: number
  readonly document: Record<string, unknown>
}

export interface Gathered {
  /** Entries that must be proven, the oldest first. */
  readonly entries: readonly Id<'entry'>[]
  readonly chains: readonly { readonly subject: Id<'subject'>; readonly blocks: readonly Block[] }[]
  readonly documents: readonly GatheredDocument[]
}

/** Looking at evidence leaves entries too; they are none of it. */
const ownEntries = /^release\.evidence|\.opened$/

/**
 * Everything that these releases rest on: their own entries, the policies and consents that allowed them with the entries that
 * vouch for them, and the chains of the people concerned.
 */
export async function gatherReleases(tx: Tx, grants: readonly GrantRow[], people = new Set(grants.map((grant) => grant.subject_id))): Promise<Gathered> {
  const policies = new Map(grants.flatMap(({ plan }) => plan.policies.map((ref) => [`${ref.id} ${ref.version}`, ref] as const)))
  const consents = new Map(grants.flatMap(({ plan, subject_id }) => plan.consents.map((ref) => [ref.id, { ...ref, subject: subject_id }] as const)))
  const [own, given, published] = await Promise.all([
    entriesAbout(
      tx,
      'release',
      grants.map(({ id }) => id),
    ),
    entriesAbout(tx, 'consent', [...consents.keys()]),
    entriesAbout(tx, 'policy', [...new Set([...policies.values()].map(({ id }) => id))]),
  ])
  const documents: GatheredDocument[] = []
  for (const { id, version } of policies.values()) {
    const document = await policyDocument(tx, id, version)
    if (document !== undefined) documents.push({ kind: 'policy', id, version, document: { ...document } })
  }
  for (const { id, subject } of consents.values()) {
    const document = await consentDocument(tx, subject, id)
    if (document !== undefined) documents.push({ kind: 'consent', id, document: { ...document } })
  }
  const { chains, heads } = await gatherChains(tx, people)
  const entries = [...published, ...given, ...own].filter(({ type }) => !ownEntries.test(type)).map(({ id }) => id)
  return { entries: [...new Set([...entries, ...heads])], chains, documents }
}

/** @throws Problem evidence_too_large */
async function gatherChains(tx: Tx, people: ReadonlySet<Id<'subject'>>) {
  const chains: { subject: Id<'subject'>; blocks: Block[] }[] = []
  const heads: Id<'entry'>[] = []
  let left = bundleBlocksMax
  for (const subject of people) {
    const [blocks, head] = [await subjectChain(tx, subject), await headEntry(tx, subject)]
    left -= blocks.length
    if (left < 0) throw new Problem(problems.evidence_too_large)
    if (head !== undefined) heads.push(head)
    if (blocks.length > 0) chains.push({ subject, blocks })
  }
  return { chains, heads }
}
