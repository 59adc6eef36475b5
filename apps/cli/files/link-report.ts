/** What a linkage says of itself: the data of its report. */
import { nodePrimitives } from '@gatehouse/crypto/node'
import type { Clusters } from '@gatehouse/linkage/cluster/cluster'
import { measureClusters } from '@gatehouse/linkage/evaluate/clusters'
import { blockedBy, linkErrors } from '@gatehouse/linkage/evaluate/errors'
import { peopleOf, truthOfPeople } from '@gatehouse/linkage/evaluate/truth'
import { type ShowValue, waterfall } from '@gatehouse/linkage/explain/waterfall'
import { levelWeights } from '@gatehouse/linkage/explain/weights-chart'
import type { Linker } from '@gatehouse/linkage/linker'
import { modelHash } from '@gatehouse/linkage/model/hash'
import type { Links } from '@gatehouse/linkage/model/link'
import { columnIn, type SourceData } from '@gatehouse/linkage/normalize/table'
import { requireTrained } from '@gatehouse/linkage/predict/weights'
import type { LinkReport, TruthFigures } from '@gatehouse/linkage/report/data'
import { chooseExamples } from '@gatehouse/linkage/report/examples'
import { clusterFigures, linkFigures } from '@gatehouse/linkage/report/summary'
import { evaluated } from './evaluate-links.ts'
import type { LinkFiles } from './link-task.ts'
import { placeInWords } from './links-table.ts'
import { valuesOf } from './read-records.ts'

const errorsShown = 5

export function linkReport(task: LinkFiles, linker: Linker, scored: Links, clusters: Clusters, sources: readonly SourceData[]): LinkReport {
  const { model, table } = linker
  requireTrained(model)
  const people = task.truth === undefined ? undefined : peopleOf(valuesOf(sources, task.truth))
  const fall = (left: number, right: number) => waterfall(linker.explain(left, right), task.showValues ? showValue(linker) : undefined)
  return {
    title: sources.map(({ name }) => name).join(' and '),
    at: task.now().toISOString(),
    sources: sources.map(({ name, data }) => ({ name, records: data.rowCount })),
    modelHash: modelHash(nodePrimitives, model),
    seed: model.training.seed,
    refused: [...table.columns].flatMap(([column, { refused }]) => refused.map(({ because, count }) => ({ column, because, count }))),
    blocking: linker.blocking(people),
    levels: levelWeights(model),
    prior: linker.weights.prior,
    warnings: model.training.warnings,
    links: linkFigures(scored, task.atLeast),
    clusters: clusterFigures(clusters, task.method),
    examples: chooseExamples(scored, task.atLeast).map(({ why, left, right }) => ({
      why,
      place: placeInWords(table.sources, left, right),
      fall: fall(left, right),
    })),
    ...(people === undefined ? {} : { truth: truthFigures(task, linker, scored, clusters, people, sources) }),
  }
}

function truthFigures(task: LinkFiles, linker: Linker, scored: Links, clusters: Clusters, people: Int32Array, sources: readonly SourceData[]): TruthFigures {
  const { table, model, prepared } = linker
  const truth = truthOfPeople(people, model.link, table.sources.offsets)
  const errors = linkErrors(scored, truth, {
    atLeast: task.atLeast,
    most: errorsShown,
    explain: (left, right) => linker.explain(left, right),
    isBlocked: blockedBy(prepared.rules.map(({ keys }) => keys)),
  })
  const show = task.showValues ? showValue(linker) : undefined
  return {
    ...evaluated(scored, truth, task.atLeast, task.by === undefined ? undefined : { column: task.by, values: valuesOf(sources, task.by) }),
    clusters: measureClusters(clusters, people),
    missed: errors.missed,
    errors: [...errors.falsePositives, ...errors.falseNegatives].map(({ kind, why, weight }) => ({
      kind,
      why: kind === 'false positive' ? 'Linked wrongly' : `Missed, ${why}`,
      place: placeInWords(table.sources, weight.left, weight.right),
      fall: waterfall(weight, show),
    })),
  }
}

/** Values in their canonical form, as they were compared. */
function showValue({ table }: Linker): ShowValue {
  return (column, record) => {
    const { codes, values } = columnIn(table, column)
    return values[codes[record] ?? -1] ?? null
  }
}
