/** Files linked by a model into links, clusters and a report. Nothing is written before everything is done. */
import { type Clusters, cluster } from '@gatehouse/linkage/cluster/cluster'
import { draftModel, meaningsOf } from '@gatehouse/linkage/draft/draft-model'
import { type Linker, linkerOf } from '@gatehouse/linkage/linker'
import type { Links } from '@gatehouse/linkage/model/link'
import type { Model, TrainedModel } from '@gatehouse/linkage/model/schema'
import type { SourceData } from '@gatehouse/linkage/normalize/table'
import { mergeLinks } from '@gatehouse/linkage/predict/link-buffer'
import { chunksOf, predictChunk } from '@gatehouse/linkage/predict/predict'
import { requireTrained } from '@gatehouse/linkage/predict/weights'
import type { LinkReport } from '@gatehouse/linkage/report/data'
import { htmlReport } from '@gatehouse/linkage/report/report'
import { count } from '../terminal/output.ts'
import { openProgress, openStep } from '../terminal/progress.ts'
import { linkReport } from './link-report.ts'
import type { LinkFiles } from './link-task.ts'
import { about } from './linkage-fault.ts'
import { clustersTable, linksTable } from './links-table.ts'
import { readModel } from './read-model.ts'
import { type Needed, readRecords, sampleRows, valuesOf } from './read-records.ts'
import { type NewFile, refuseOverwriting, writeFiles } from './write-files.ts'
import { requireFormat, tableContent } from './write-table.ts'

export interface Linked {
  readonly linker: Linker
  readonly model: TrainedModel
  /** Pairs in people, and for the report's sake also those under the threshold. */
  readonly scored: Links
  readonly clusters: Clusters
  readonly report: LinkReport
  readonly linksWritten: number
}

/** Pairs from here on are kept when a report or a truth wants to see what lies under the threshold. */
const scoredFrom = 0.01

export async function linkFiles(task: LinkFiles): Promise<Linked> {
  const targets = [task.output, task.clusters, task.report, task.saveModel].filter((path) => path !== undefined)
  for (const path of [task.output, task.clusters]) if (path !== undefined) requireFormat(path)
  await refuseOverwriting(targets, [...task.inputs, ...(task.model === undefined ? [] : [task.model])])
  const { model, sources } = await modelAndSources(task)
  const place = task.model ?? task.inputs.join(', ')
  const linker = about(place, () => trained(linkerOf(model, sources), task))
  requireTrained(linker.model)
  const below = task.report !== undefined || task.truth !== undefined
  const found = predicted(linker, below ? Math.min(scoredFrom, task.atLeast) : task.atLeast, task.show)
  const clusters = about(place, () =>
    cluster(found, {
      method: task.method,
      recordCount: linker.table.rowCount,
      atLeast: task.atLeast,
      cannotLink: linker.cannotLink,
      ...(task.onePerSource ? { onePer: linker.table.sources } : {}),
    }),
  )
  const scored = followed(found, clusters, task.atLeast)
  const report = linkReport(task, linker, scored, clusters, sources)
  const named = { sources: linker.table.sources, ...(task.id === undefined ? {} : { ids: valuesOf(sources, task.id) }) }
  const links = linksTable(scored, clusters, task.atLeast, named)
  const files: NewFile[] = []
  if (task.output !== undefined) files.push({ path: task.output, content: await tableContent(task.output, links, true) })
  if (task.clusters !== undefined) files.push({ path: task.clusters, content: await tableContent(task.clusters, clustersTable(clusters, named), true) })
  if (task.report !== undefined) files.push({ path: task.report, content: [htmlReport(report)] })
  if (task.saveModel !== undefined) files.push({ path: task.saveModel, content: [modelText(linker.model)] })
  await writeFiles(files)
  return { linker, model: linker.model, scored, clusters, report, linksWritten: links.rowCount }
}

/** Without the links that clustering did not follow: where a rule kept two records apart, they are not one person. */
function followed(links: Links, { ids }: Clusters, atLeast: number): Links {
  const { left, right, probability } = links
  const kept = Int32Array.from({ length: links.length }, (_, index) => index).filter(
    (index) => (probability[index] ?? 0) < atLeast || ids[left[index] ?? 0] === ids[right[index] ?? 0],
  )
  const whole = (column: Int32Array): Int32Array => Int32Array.from(kept, (index) => column[index] ?? 0)
  const real = (column: Float64Array): Float64Array => Float64Array.from(kept, (index) => column[index] ?? 0)
  const { weight, pattern, rule, rules } = links
  return {
    length: kept.length,
    left: whole(left),
    right: whole(right),
    weight: real(weight),
    probability: real(probability),
    pattern: whole(pattern),
    rule: whole(rule),
    rules,
  }
}

export function modelText(model: Model): string {
  return `${JSON.stringify(model, null, 2)}\n`
}

/** The draft alone, for a person to look at. */
export async function draftFrom(inputs: readonly string[], link: Model['link'], show: boolean): Promise<Model> {
  return drafted(inputs, link, await readRecords(inputs, undefined, show))
}

async function modelAndSources(task: LinkFiles): Promise<{ model: Model; sources: SourceData[] }> {
  if (task.model === undefined) {
    const sources = await readRecords(task.inputs, undefined, task.show)
    return { model: drafted(task.inputs, task.link, sources, task.truth), sources }
  }
  const model = await readModel(task.model, task.link)
  const asked: Needed[] = Object.entries({ '--truth': task.truth, '--by': task.by, '--id': task.id }).flatMap(([by, column]) =>
    column === undefined ? [] : [{ column, by }],
  )
  return {
    model,
    sources: await readRecords(task.inputs, [...Object.keys(model.columns).map((column) => ({ column, by: String(task.model) })), ...asked], task.show),
  }
}

/** The truth is for judging: a draft must not look at it. */
function drafted(inputs: readonly string[], link: Model['link'], sources: readonly SourceData[], truth?: string): Model {
  const samples = sources.map(({ data }) =>
    sampleRows(truth === undefined ? data : { ...data, columns: data.columns.filter(({ field }) => field.name !== truth) }),
  )
  return about(inputs.join(', '), () => draftModel(link, meaningsOf(samples)))
}

function trained(linker: Linker, { seed, show }: LinkFiles): Linker {
  if (linker.model.training !== undefined) return linker
  const step = openStep(show)
  step.tell('Learning the weights')
  try {
    return linker.train({ seed })
  } finally {
    step.end()
  }
}

function predicted(linker: Linker, atLeast: number, show: boolean): Links {
  const { prepared, weights } = linker
  const chunks = chunksOf(prepared)
  const total = chunks.reduce((sum, chunk) => sum + chunk.pairs, 0)
  const progress = openProgress('Comparing', total, show)
  try {
    let done = 0
    const parts = chunks.map((chunk) => {
      const part = predictChunk(prepared, weights, chunk, { atLeast })
      done += chunk.pairs
      progress.to(done, `${count(done)} pairs`)
      return part
    })
    return mergeLinks(parts)
  } finally {
    progress.end()
  }
}
