/** What a project got, in one file. Until projects have a room of their own, a project is what its releases have in common. */
import { Problem } from '@gatehouse/core/problem'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { listGrants } from '../store.ts'
import { gatherReleases } from './gather.ts'
import { bundle, bundleReleasesMax, selectionInput } from './schema.ts'
import { writeBundle } from './write.ts'

export const evidenceOfProject = operation({
  kind: 'steps',
  name: 'release.evidence_project',
  summary: 'Download the evidence of a partner’s, purpose’s or policy’s releases as one file that verifies offline',
  description: `The newest ${bundleReleasesMax} releases that all that is given has in common. Give at least a partner, a purpose or a policy.`,
  input: z
    .strictObject(selectionInput)
    .refine(({ partner, purpose, policy }) => (partner ?? purpose ?? policy) !== undefined, 'name a partner, a purpose or a policy'),
  output: bundle,
  access: { action: 'export', on: () => ({ type: 'evidence' }) },
  audit: ({ partner, policy }, { log, selection }) => ({
    ...(partner === undefined ? {} : { partner }),
    details: { entries: log.entries.length, left_out: selection.left_out, ...(policy === undefined ? {} : { policy }) },
  }),
  http: { method: 'GET', path: '/v1/evidence/projects' },
  example: { input: { purpose: 'dpv:ServiceProvision' } },
  problems: [problems.evidence_not_ready, problems.evidence_too_large],
  async run(ctx, selection) {
    const gathered = await ctx.step(async (tx) => {
      const grants = await listGrants(tx, { ...selection, limit: bundleReleasesMax }, ctx.now)
      if (grants.length === 0) throw new Problem(doorProblems.not_found)
      return gatherReleases(tx, grants)
    })
    return writeBundle(ctx, { kind: 'project', ...selection }, gathered)
  },
})
