/**
 * A token is spent and the file leaves, once. One conditional update spends it; then rights, project, approvals, the end of the result
 * and the offers on its tables are asked as of now, and a refusal from there on burns it. The act's entry commits before the first byte
 * leaves, and another says whether the last one did.
 */
import { createHash } from 'node:crypto'
import { instantMs } from '@gatehouse/core/instant'
import { toHex } from '@gatehouse/crypto/bytes'
import { parseToken, tokenHash } from '@gatehouse/crypto/token'
import { type AuditFacts, type FileAnswer, operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../../problems.ts'
import { findRun } from '../../runs/store.ts'
import { inProject, limits } from '../../schema.ts'
import { mayLeave } from '../leaving.ts'
import { exampleResult } from '../read.ts'
import { resultInput } from '../schema.ts'
import { dataOf, openResult } from '../table.ts'
import { resultOf } from '../visible.ts'
import { bytesOf, fileTypes } from './formats/formats.ts'
import { metadataOf } from './metadata.ts'
import { closeDownload, type DownloadRow, downloadByToken, spendDownload } from './store.ts'

export const redeemDownload = operation({
  name: 'query.redeem_download',
  kind: 'steps',
  answers: 'file',
  mediaTypes: Object.values(fileTypes).map(({ mediaType }) => mediaType),
  summary: 'Fetch a file of a result',
  description: 'With the token that was given for it, by whoever it was given to. Every refusal of a token looks the same; the ledger knows why.',
  input: resultInput.extend({ token: z.string().max(128).describe('The one-time token') }),
  output: z.custom<FileAnswer>(),
  access: { action: 'export', on: inProject('query_result') },
  audit: () => ({}),
  http: { method: 'GET', path: '/v1/projects/:project/results/:result/downloads/:token' },
  example: { input: { ...exampleResult, token: 'ghf_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } },
  problems: [problems.download_refused, problems.format_not_installed],
  async run(ctx, { project, result: id, token: text }) {
    const token = parseToken(text, 'ghf_')
    const refused = (reason: string, download?: DownloadRow) => refuse(problems.download_refused, undefined, refusedFacts(id, reason, download))
    if (token === undefined) return refused('malformed')
    const hash = tokenHash(ctx.node.keys.primitives, token)
    const found = await ctx.step(async (tx) => {
      const download = await spendDownload(tx, { tokenHash: hash, project, result: id, by: ctx.principal.id }, ctx.now)
      if (download === undefined) {
        const known = await downloadByToken(tx, hash)
        return refused(known === undefined ? 'unknown' : whyNot(known, { project, result: id, by: ctx.principal.id, now: ctx.now }), known)
      }
      const burned = async (reason: string) => {
        await closeDownload(tx, download.id, 'burned', ctx.now, 0)
        return refused(reason, download)
      }
      const of = await resultOf(tx, project, id)
      if (of instanceof Refusal) return burned('result_gone')
      const leaving = await mayLeave(tx, ctx.node, of, ctx.now)
      if ('stays' in leaving) return burned(leaving.stays)
      return { ...of, download, project: leaving.project, run: await findRun(tx, of.result.run_id) }
    })
    if (found instanceof Refusal) return found
    const { download, result } = found
    const burn = async (refusal: Refusal) => {
      await ctx.step((tx) => closeDownload(tx, download.id, 'burned', ctx.now, 0))
      return refusal
    }
    const open = await openResult(ctx.node, ctx.tenant, result)
    if (open === undefined) return burn(refused('result_unreadable', download))
    const metadata = metadataOf(found, { download: download.id, by: ctx.principal.id, at: ctx.now, project: found.project, run: found.run })
    const name = `result-${result.id.slice(-12)}-v${result.version}`
    const parts = { name, fields: open.manifest.fields, chunks: dataOf(ctx.node, open), metadata, at: new Date(ctx.nowMs) }
    const bytes = await bytesOf(download.format, parts)
    if (bytes === undefined) return burn(refuse(problems.format_not_installed, undefined, refusedFacts(id, 'not_installed', download)))
    ctx.describe({ ...factsOf(download), decision: 'permit' })
    const { mediaType, ending } = fileTypes[download.format]
    return { name: `${name}.${ending}`, mediaType, chunks: delivering(ctx, download, bytes) }
  },
})

const factsOf = ({ id, result_id, project_id, format, digest }: DownloadRow): AuditFacts => ({
  object: { kind: 'query_result', id: result_id },
  details: { project: project_id, download: id, format, digest },
})

const refusedFacts = (result: string, reason: string, download: DownloadRow | undefined): AuditFacts => ({
  object: { kind: 'query_result', id: result },
  details: { reasons: [reason], ...(download === undefined ? {} : { download: download.id }) },
})

/** Why the one update did not take it. */
function whyNot(download: DownloadRow, asked: { project: string; result: string; by: string; now: string }): string {
  if (download.asked_by !== asked.by) return 'other_user'
  if (download.result_id !== asked.result || download.project_id !== asked.project) return 'other_result'
  if (download.state !== 'issued') return download.state
  return download.expires_at <= asked.now ? 'expired' : 'result_changed'
}

/** Hands the file on and writes down what became of it, also when its reader left before the end. */
async function* delivering(ctx: StepsContext, download: DownloadRow, chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array | string> {
  const { node } = ctx
  const hash = createHash('sha256')
  const untilMs = instantMs(ctx.now) + limits.deliveryHoursMax * 3_600_000
  let bytes = 0
  let complete = false
  try {
    for await (const chunk of chunks) {
      // By then it counts as abandoned, and somebody may have asked anew.
      if (node.source.nowMs() > untilMs) throw new RangeError(`a file leaves within ${limits.deliveryHoursMax} hours or not at all`)
      hash.update(chunk)
      bytes += Buffer.byteLength(chunk)
      yield chunk
    }
    complete = true
  } finally {
    node.metrics.bytesReleased.inc(bytes)
    const facts = { ...factsOf(download), details: { ...factsOf(download).details, delivered: complete, bytes, sha256: toHex(hash.digest()) } }
    await ctx.step(async (tx) => {
      if (await closeDownload(tx, download.id, complete ? 'delivered' : 'undelivered', ctx.now, bytes)) await ctx.record(tx, 'query.deliver_download', facts)
    })
  }
}
