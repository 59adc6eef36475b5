/**
 * One file from which an outsider can check a release without an account: the ledger entries with their proofs, the policy and
 * consents by digest, and the person's chain of sealed blocks.
 */
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { grantById } from '../store.ts'
import { gatherReleases } from './gather.ts'
import { bundle } from './schema.ts'
import { writeBundle } from './write.ts'

export const evidence = operation({
  kind: 'steps',
  name: 'release.evidence',
  summary: 'Download the evidence of a release as one file that verifies offline',
  input: z.strictObject({ release: idSchema('release') }),
  output: bundle,
  access: { action: 'export', on: () => ({ type: 'evidence' }) },
  audit: ({ release }, { log }) => ({ object: { kind: 'release', id: release }, details: { entries: log.entries.length } }),
  http: { method: 'GET', path: '/v1/releases/:release/evidence' },
  problems: [problems.evidence_not_ready, problems.evidence_too_large],
  async run(ctx, { release }) {
    const gathered = await ctx.step(async (tx) => {
      const grant = await grantById(tx, release)
      if (grant === undefined) throw new Problem(doorProblems.not_found)
      return gatherReleases(tx, [grant])
    })
    return writeBundle(ctx, { kind: 'release', release }, gathered)
  },
})
