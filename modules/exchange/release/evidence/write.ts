/** From what was gathered to the sealed bundle. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { Problem } from '@gatehouse/core/problem'
import { fromBase64, toBase64, toHex, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { signNote } from '@gatehouse/transparency/note'
import { type EntryBody, entryEvidence, evidenceMax, logOriginOf } from '../../../ledger/index.ts'
import { problems } from '../problems.ts'
import type { Gathered, GatheredDocument } from './gather.ts'
import { evidenceKeyName, evidenceSigner } from './key.ts'
import { type About, type Bundle, bundleFormat } from './schema.ts'

/** @throws Problem evidence_not_ready while an entry has no place in the log yet */
export async function writeBundle(ctx: StepsContext, about: About, { entries, chains, documents }: Gathered): Promise<Bundle> {
  // Ids grow with time, so the last ones are the newest.
  const ids = [...new Set(entries)].sort()
  const kept = ids.slice(-evidenceMax)
  const log = await entryEvidence(ctx.node, ctx.tenant, kept)
  if (log.entries.length < kept.length) throw new Problem(problems.evidence_not_ready)
  const bodies = log.entries.map(({ index, body }) => ({ index, text: utf8Text(fromBase64(body) ?? new Uint8Array(0)) ?? '' }))
  const sealed = {
    format: bundleFormat,
    created: ctx.now,
    origin: logOriginOf(ctx.tenant, log.checkpoint),
    about,
    selection: { entries: log.entries.length, left_out: ids.length - kept.length },
    log: { checkpoint: log.checkpoint, entries: log.entries.map((entry) => ({ ...entry, proof: [...entry.proof] })) },
    // A chain is shown only with the entry that states its end.
    vault: {
      chains: chains
        .filter(({ subject }) => bodies.some(({ text }) => text.includes(`"${subject}"`)))
        .map(({ subject, blocks }) => ({ subject, blocks: blocks.map((block) => ({ ...block })) })),
    },
    documents: documents.map((document) => withDigest(ctx, document)).filter(({ digest }) => bodies.some(({ text }) => text.includes(digest))),
    story: bodies.map(({ index, text }) => storyOf(index, JSON.parse(text) as EntryBody)),
  } as const
  return { ...sealed, seal: await seal(ctx, sealed) }
}

const seal = (ctx: StepsContext, sealed: Omit<Bundle, 'seal'>): Promise<string> => sealOf(ctx, sealed.created, utf8(canonicalJson(sealed)))

/** Signs name, time and digest of what the node hands out, as a note. */
export async function sealOf({ node, tenant }: Pick<StepsContext, 'node' | 'tenant'>, created: string, bytes: Uint8Array): Promise<string> {
  const { sha256 } = node.keys.primitives
  const name = evidenceKeyName(tenant)
  const text = `${name}\n${created}\n${toBase64(sha256(bytes))}\n`
  return signNote(sha256, text, [{ name, signer: await evidenceSigner(node, tenant) }])
}

function withDigest(ctx: StepsContext, { kind, id, version, document }: GatheredDocument) {
  const digest = toHex(ctx.node.keys.primitives.sha256(utf8(canonicalJson(document))))
  return { kind, id, ...(version === undefined ? {} : { version }), digest, document }
}

const told: Readonly<Record<string, string>> = {
  'policies.publish': 'A policy was published.',
  'consents.give': 'The person gave consent.',
  'consents.import': 'Consents were taken over.',
  'consents.withdraw': 'The person withdrew consent.',
  'vault.head': 'The head of the person’s chain of records was written down.',
  'release.authorize': 'The partner asked, and policy and consent decided.',
  'release.redeem': 'The token was presented at the exchange.',
  'release.deliver': 'The exchange closed the delivery.',
  'release.cancel': 'The release was cancelled.',
  'projects.create': 'The project was opened.',
  'projects.add_member': 'Somebody became a member of the project.',
  'projects.add_source': 'The project was admitted to a source.',
  'query.create_plan': 'The plan was written.',
  'query.add_version': 'The plan was changed.',
  'query.start_run': 'A member asked for the run.',
  'query.run_ended': 'The run came to its end.',
  'query.result_released': 'The result was released.',
  'query.deliver_download': 'A file of the result left, or did not.',
  'approvals.vote': 'A reviewer voted.',
  'release.read_record': 'Somebody of the staff read the record, with a stated purpose.',
}

function storyOf(entry: number, { type, at, decision, purpose }: EntryBody) {
  const outcome = decision === undefined ? '' : ` Outcome: ${decision}.`
  return { entry, text: `${at} ${told[type] ?? type}${outcome}${purpose === undefined ? '' : ` (purpose ${purpose})`}` }
}
