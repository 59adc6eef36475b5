import { addSeconds } from '@gatehouse/core/instant'
import { issueToken } from '@gatehouse/crypto/token'
import { outputFormats } from '@gatehouse/query/plan/schema'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../../problems.ts'
import { inProject, limits } from '../../schema.ts'
import { leavingResult } from '../leaving.ts'
import { exampleResult } from '../read.ts'
import { downloadView, resultInput } from '../schema.ts'
import { resultFacts } from '../view.ts'
import { installed } from './formats/formats.ts'
import { insertDownload } from './store.ts'

export const createDownload = operation({
  name: 'query.create_download',
  summary: 'Ask for a file of a result',
  description:
    'Gives a token that fetches the file once, within five minutes, for whoever asked and for nobody else. Everything is asked again when it is fetched; the ledger has an entry before the first byte leaves and another that says whether the last one did.',
  input: resultInput.extend({ format: z.enum(outputFormats) }),
  output: downloadView,
  access: { action: 'export', on: inProject('query_result') },
  audit: ({ result }, { id, format }) => ({ object: { kind: 'query_result', id: result }, details: { download: id, format } }),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/projects/:project/results/:result/downloads', status: 201 },
  example: { input: { ...exampleResult, format: 'csv' } },
  problems: [
    doorProblems.not_found,
    problems.result_held,
    problems.result_ended,
    problems.stays_here,
    problems.format_not_planned,
    problems.format_not_installed,
  ],
  async run(ctx, { project, result: id, format }) {
    const found = await leavingResult(ctx, ctx.tx, project, id)
    if (found instanceof Refusal) return found
    const facts = resultFacts(found.result)
    if (!found.version.document.output.formats.includes(format)) return refuse(problems.format_not_planned, undefined, facts)
    if (!(await installed(format))) return refuse(problems.format_not_installed, undefined, facts)
    const { token, hash } = issueToken(ctx.node.keys.primitives, 'ghf_')
    const download = ctx.newId<'release'>()
    const row = { id: download, project_id: project, result_id: id, digest: found.result.digest, format, asked_by: ctx.principal.id, issued_at: ctx.now }
    await insertDownload(ctx.tx, { ...row, expires_at: addSeconds(ctx.now, limits.downloadSeconds) }, hash)
    return {
      id: download,
      token,
      url: `/v1/projects/${project}/results/${id}/downloads/${token}`,
      format,
      expires_in: limits.downloadSeconds,
    }
  },
})
