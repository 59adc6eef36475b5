/** The evidence of one result as a crate that others read without this node and check with its public keys. */
import { setTimeout as wait } from 'node:timers/promises'
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { Problem } from '@gatehouse/core/problem'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type FileAnswer, operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { projectById } from '../../../../governance/projects/index.ts'
import { entriesAbout } from '../../../../ledger/index.ts'
import { releaseProblems, sealOf, writeBundle } from '../../../release/index.ts'
import { problems } from '../../problems.ts'
import { findRun } from '../../runs/store.ts'
import { inProject } from '../../schema.ts'
import { exampleResult } from '../read.ts'
import { resultInput } from '../schema.ts'
import { isPartial, resultFacts } from '../view.ts'
import { type Found, resultOf } from '../visible.ts'
import { bagged } from './bag.ts'
import { describe, evidenceFile, planFile } from './describe.ts'

const mediaType = 'application/zip'

export const exportCrate = operation({
  name: 'query.export_crate',
  kind: 'steps',
  answers: 'file',
  mediaTypes: [mediaType],
  summary: 'Download the evidence of a result as a Five Safes RO-Crate that verifies offline',
  description:
    'A zip with a BagIt bag: the plan, what the ledger has about the plan, the run, its reviews and its result with proofs, and the digest of the result, described in RO-Crate 1.2 and the Five Safes profile 0.4 and sealed by the key of the node that seals evidence. No row and no name of a person stands in it. Checked by `gatehouse-verify crate`.',
  input: resultInput,
  output: z.custom<FileAnswer>(),
  access: { action: 'export', on: inProject('query_result') },
  audit: ({ result }) => ({ object: { kind: 'query_result', id: result } }),
  http: { method: 'GET', path: '/v1/projects/:project/results/:result/crate' },
  example: { input: exampleResult },
  problems: [doorProblems.not_found, problems.result_held, releaseProblems.evidence_not_ready],
  async run(ctx, { project: projectId, result: id }) {
    const found = await ctx.step(async (tx) => {
      const of = await resultOf(tx, projectId, id)
      if (of instanceof Refusal) return of
      if (of.result.state === 'held') return refuse(problems.result_held, undefined, resultFacts(of.result))
      const [run, project] = [await findRun(tx, of.result.run_id), await projectById(tx, projectId)]
      if (run === undefined || project === undefined) throw new Problem(doorProblems.not_found)
      return { ...of, run, project, entries: await entriesOf(tx, of) }
    })
    if (found instanceof Refusal) return found
    const { result, version, run, project } = found
    const about = { kind: 'result' as const, project: projectId, run: run.id, result: id }
    const evidence = await onceInTheLog(() => writeBundle(ctx, about, { entries: found.entries, chains: [], documents: [] }))
    const crate = describe({
      node: { origin: evidence.origin, software: `Gatehouse ${run.code_version ?? ''}`.trim() },
      created: ctx.now,
      project,
      plan: { id: version.plan_id, version: version.version, hash: version.hash, title: result.title },
      run,
      result: { ...result, partial: isPartial(result.nodes) },
      sources: version.document.sources,
      reviews: reviewsOf(found),
    })
    const payload = new Map([
      ['ro-crate-metadata.json', `${JSON.stringify(crate, null, 2)}\n`],
      [planFile, canonicalJson(version.document as never)],
      [evidenceFile, JSON.stringify(evidence)],
    ])
    const name = `result-${id.slice(-12)}-evidence`
    const chunks = await bagged({ name, id, payload, at: new Date(ctx.nowMs) }, (manifest) => sealOf(ctx, ctx.now, manifest))
    return { name: `${name}.zip`, mediaType, chunks }
  },
})

/** The log gives an entry its place within about a second: whoever has just fetched the file itself is not sent away for that. */
async function onceInTheLog<T>(act: () => Promise<T>): Promise<T> {
  for (let look = 1; ; look++) {
    try {
      return await act()
    } catch (error) {
      const early = error instanceof Problem && error.kind === releaseProblems.evidence_not_ready
      if (!early || look === looksMax) throw error
      await wait(lookMs)
    }
  }
}
const [looksMax, lookMs] = [6, 500]

/** Looking at it and fetching it leaves entries, too; they are no part of how it came about. */
const lookingAt = /^query\.(?:export_crate|read_|.*\.opened$)/

async function entriesOf(tx: Tx, { result, version }: Found) {
  const about = [
    ...(await entriesAbout(tx, 'project', [result.project_id])),
    ...(await entriesAbout(tx, 'query_plan', [result.plan_id])),
    ...(await entriesAbout(tx, 'query_run', [result.run_id])),
    ...(await entriesAbout(tx, 'query_result', [result.id])),
    ...(await entriesAbout(
      tx,
      'review',
      [version.review_id, result.review_id].filter((review) => review !== null),
    )),
  ]
  return about.filter(({ type }) => !lookingAt.test(type)).map(({ id }) => id)
}

const reviewsOf = ({ result, version }: Found) =>
  [
    { id: version.review_id, of: 'sign_off' as const, at: version.approved_at },
    { id: result.review_id, of: 'disclosure' as const, at: result.released_at },
  ].flatMap(({ id, of, at }) => (id === null || at === null ? [] : [{ id, of, at }]))
