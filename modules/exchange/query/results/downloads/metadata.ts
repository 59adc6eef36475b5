/** What a file says of itself, in every format the same. Pure: nothing of it is about a person. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Project } from '../../../../governance/projects/index.ts'
import type { RunRow } from '../../runs/store.ts'
import { isPartial } from '../view.ts'
import type { Found } from '../visible.ts'

export interface Leaving {
  readonly download: Id<'release'>
  readonly by: string
  readonly at: Instant
  readonly project: Project
  readonly run: Pick<RunRow, 'id' | 'asked_by' | 'started_at' | 'ended_at' | 'code_version'> | undefined
}

export type FileMetadata = ReturnType<typeof metadataOf>

export function metadataOf({ result, version }: Found, { download, by, at, project, run }: Leaving) {
  const { treatment, aggregation } = version.document
  return {
    title: result.title,
    result: result.id,
    /** Keyed by the node: of the same content in the same project it is the same. */
    digest: result.digest,
    form: result.form,
    kind: result.kind,
    rows: result.rows,
    columns: result.columns,
    plan: { id: result.plan_id, version: result.version, hash: version.hash },
    run: {
      id: result.run_id,
      asked_by: run?.asked_by ?? null,
      started_at: run?.started_at ?? null,
      ended_at: run?.ended_at ?? null,
      software: `Gatehouse ${run?.code_version ?? ''}`.trim(),
    },
    sources: result.sources,
    /** Of a partial result somebody is missing whom the plan means. */
    partial: isPartial(result.nodes),
    nodes: (result.nodes ?? []).map(({ node, sources, state, reason }) => ({ node, sources, state, reason })),
    treatment: treatment ?? null,
    aggregation: aggregation ?? null,
    risk: { highest: result.report.risk_highest, loss: result.report.loss, floor: result.report.floor },
    released: { at: result.released_at, review: result.review_id, checks: result.report.status },
    download: { id: download, by, at },
    terms: { project: project.title, purpose: project.purpose, agreement: project.agreement, until: project.ends_at },
    expires_at: result.expires_at,
  }
}
