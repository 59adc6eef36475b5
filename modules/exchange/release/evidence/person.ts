/** Everything that the log says about one person, in one file: what left and why, what was consented to, the chain of records. */
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { entriesOfSubject } from '../../../ledger/index.ts'
import { subjectById } from '../../../subjects/index.ts'
import { problems } from '../problems.ts'
import { grantsOf } from '../store.ts'
import { gatherReleases } from './gather.ts'
import { bundle, bundleReleasesMax } from './schema.ts'
import { writeBundle } from './write.ts'

export const evidenceOfPerson = operation({
  kind: 'steps',
  name: 'release.evidence_person',
  summary: 'Download the evidence about a person as one file that verifies offline',
  description: 'The newest entries where there are more than one bundle holds; "selection" says how many were left out.',
  input: z.strictObject({ subject: idSchema('subject') }),
  output: bundle,
  access: { action: 'export', on: () => ({ type: 'evidence' }) },
  audit: (_input, { log, selection }) => ({ details: { entries: log.entries.length, left_out: selection.left_out } }),
  http: { method: 'GET', path: '/v1/evidence/people/:subject' },
  example: { input: { subject: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [problems.evidence_not_ready, problems.evidence_too_large],
  async run(ctx, { subject }) {
    const gathered = await ctx.step(async (tx) => {
      const person = await subjectById(tx, subject)
      if (person === undefined) throw new Problem(doorProblems.not_found)
      ctx.describe({ subject: { id: subject, commitment: person.commitment } })
      const grants = await grantsOf(tx, subject, bundleReleasesMax)
      const found = await gatherReleases(tx, grants, new Set([subject]))
      const own = await entriesOfSubject(tx, subject)
      return { ...found, entries: [...found.entries, ...own] }
    })
    return writeBundle(ctx, { kind: 'person', subject }, gathered)
  },
})
