/**
 * One file from which an outsider can check a release without an account: the ledger entries with their proofs, the policy and
 * consents by digest, and the person's chain of sealed blocks. It opens nothing: values stay sealed.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { headEntry, subjectChain } from '../../custody/vault/index.ts'
import { consentDocument } from '../../governance/consents/index.ts'
import { policyDocument } from '../../governance/policies/index.ts'
import { entriesAbout, entryEvidence, logOriginOf } from '../../ledger/index.ts'
import { problems } from './problems.ts'
import { type GrantRow, grantById } from './store.ts'

const input = z.strictObject({ release: idSchema('release') })

const bundle = z.strictObject({
  format: z.literal('gatehouse-evidence/v1'),
  created: z.string(),
  origin: z.string(),
  log: z.strictObject({ checkpoint: z.string(), entries: z.array(z.strictObject({ index: z.number().int(), body: z.string(), proof: z.array(z.string()) })) }),
  vault: z.strictObject({ chains: z.array(z.strictObject({ subject: z.string(), blocks: z.array(z.record(z.string(), z.string())) })) }),
  documents: z.array(
    z.strictObject({ kind: z.string(), id: z.string(), version: z.number().int().optional(), digest: z.string(), document: z.record(z.string(), z.unknown()) }),
  ),
  story: z.array(z.strictObject({ text: z.string(), entry: z.number().int() })),
})

export const evidence = operation({
  kind: 'steps',
  name: 'release.evidence',
  summary: 'Download the evidence of a release as one file that verifies offline',
  input,
  output: bundle,
  access: { action: 'export', on: () => ({ type: 'evidence' }) },
  audit: ({ release }, { log }) => ({ object: { kind: 'release', id: release }, details: { entries: log.entries.length } }),
  http: { method: 'GET', path: '/v1/releases/:release/evidence' },
  problems: [problems.evidence_not_ready],
  run: (ctx, { release }) => run(ctx, release),
})

async function run(ctx: StepsContext, release: z.output<typeof input>['release']) {
  const gathered = await ctx.step(async (tx) => {
    const grant = await grantById(tx, release)
    if (grant === undefined) throw new Problem(doorProblems.not_found)
    const { plan } = grant
    const policies = await Promise.all(plan.policies.map(async (ref) => ({ ref, document: await policyDocument(tx, ref.id, ref.version) })))
    const consents = await Promise.all(plan.consents.map(async (ref) => ({ ref, document: await consentDocument(tx, grant.subject_id, ref.id) })))
    const [own, given, published, head, blocks] = await Promise.all([
      entriesAbout(tx, 'release', [release]),
      entriesAbout(
        tx,
        'consent',
        plan.consents.map(({ id }) => id),
      ),
      entriesAbout(
        tx,
        'policy',
        plan.policies.map(({ id }) => id),
      ),
      headEntry(tx, grant.subject_id),
      subjectChain(tx, grant.subject_id),
    ])
    const entries = [...published, ...given, ...own.filter((entry) => entry.type !== 'release.evidence' && !entry.type.endsWith('.opened'))]
    return { grant, policies, consents, blocks, entries, head }
  })
  const ids = [...gathered.entries.map((entry) => entry.id), ...(gathered.head === undefined ? [] : [gathered.head])]
  const log = await entryEvidence(ctx.node, ctx.tenant, [...new Set(ids)])
  if (log.entries.length < new Set(ids).size) throw new Problem(problems.evidence_not_ready)
  return {
    format: 'gatehouse-evidence/v1' as const,
    created: ctx.now,
    origin: logOriginOf(ctx.tenant, log.checkpoint),
    log: { checkpoint: log.checkpoint, entries: log.entries.map((entry) => ({ ...entry, proof: [...entry.proof] })) },
    vault: { chains: [{ subject: gathered.grant.subject_id, blocks: gathered.blocks.map((block) => ({ ...block })) }] },
    documents: [
      ...gathered.policies.flatMap(({ ref, document }) => (document === undefined ? [] : [documentOf(ctx, 'policy', ref.id, document, ref.version)])),
      ...gathered.consents.flatMap(({ ref, document }) => (document === undefined ? [] : [documentOf(ctx, 'consent', ref.id, document)])),
    ],
    story: storyOf(gathered.grant, log.entries),
  }
}

function documentOf(ctx: StepsContext, kind: string, id: string, document: unknown, version?: number) {
  const digest = toHex(ctx.node.keys.primitives.sha256(utf8(canonicalJson(document))))
  return { kind, id, ...(version === undefined ? {} : { version }), digest, document: document as Record<string, unknown> }
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
}

function storyOf(grant: GrantRow, entries: readonly { readonly index: number; readonly body: string }[]) {
  return entries.map(({ index, body }) => {
    const { type, at, decision } = JSON.parse(Buffer.from(body, 'base64').toString('utf8')) as { type: string; at: string; decision?: string }
    const outcome = decision === undefined ? '' : ` Outcome: ${decision}.`
    return { entry: index, text: `${at} ${told[type] ?? type}${outcome}${type.startsWith('release.') ? ` (purpose ${grant.purpose})` : ''}` }
  })
}
