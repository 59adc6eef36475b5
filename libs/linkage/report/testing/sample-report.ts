/** A report on generated people that has something of everything. */
import { cluster } from '../../cluster/cluster.ts'
import { measureByGroup } from '../../evaluate/by-group.ts'
import { calibration } from '../../evaluate/calibration.ts'
import { measureClusters } from '../../evaluate/clusters.ts'
import { curve, thresholdTable } from '../../evaluate/curve.ts'
import { blockedBy, linkErrors } from '../../evaluate/errors.ts'
import { measureLinks } from '../../evaluate/measures.ts'
import { truthOfPeople } from '../../evaluate/truth.ts'
import { waterfall } from '../../explain/waterfall.ts'
import { levelWeights } from '../../explain/weights-chart.ts'
import { linkerOf } from '../../linker.ts'
import { dateOfBirth, defineModel, exact, fullName, nhsNumber, on, postcode } from '../../model/define.ts'
import { requireTrained } from '../../predict/weights.ts'
import { peopleSource, truthOf } from '../../testing/records.ts'
import type { LinkReport } from '../data.ts'
import { chooseExamples } from '../examples.ts'
import { clusterFigures, linkFigures } from '../summary.ts'

const atLeast = 0.9

/** With values of records that the report must not hold. */
export function sampleReport(): { report: LinkReport; values: string[] } {
  const sources = [peopleSource('gp.csv', { records: 1_200, seed: 5 }), peopleSource('hospital.csv', { records: 900, seed: 5 })]
  const model = defineModel({
    link: 'both',
    compare: [...fullName('forename', 'surname'), dateOfBirth('dob'), postcode('postcode'), exact('sex'), nhsNumber('nhs', { conflict: 'forbid' })],
    block: [on('surname', 'dob'), on('postcode'), on('forename', 'surname')],
  })
  const linker = linkerOf(model, sources).train({ seed: 3 })
  requireTrained(linker.model)
  const { offsets } = linker.table.sources
  const scored = linker.predict({ atLeast: 0.001 })
  const people = truthOf(sources, (record) => record.person)
  const truth = truthOfPeople(people, 'both', offsets)
  const clusters = cluster(scored, { method: 'components', recordCount: linker.table.rowCount, atLeast, cannotLink: linker.cannotLink })
  const explain = (left: number, right: number) => linker.explain(left, right)
  const place = (left: number, right: number): string => `record ${left} – record ${right}`
  const errors = linkErrors(scored, truth, { atLeast, most: 3, explain, isBlocked: blockedBy(linker.prepared.rules.map((rule) => rule.keys)) })
  const sexes = Int32Array.from(
    sources.flatMap((source) => source.records),
    (record) => ['F', 'M'].indexOf(String(record.sex)),
  )
  const report: LinkReport = {
    title: 'gp.csv and hospital.csv',
    at: '2026-11-22T09:30:00Z',
    sources: sources.map(({ name, data }) => ({ name, records: data.rowCount })),
    modelHash: 'sha256:0f3a…',
    seed: 3,
    refused: [...linker.table.columns].flatMap(([column, { refused }]) => refused.map((each) => ({ column, ...each }))),
    blocking: linker.blocking(people),
    levels: levelWeights(linker.model),
    prior: linker.weights.prior,
    warnings: ['"sex" is missing in 97 % of the matches; it decides almost nothing.'],
    links: linkFigures(scored, atLeast),
    clusters: clusterFigures(clusters, 'components'),
    examples: chooseExamples(scored, atLeast).map(({ why, left, right }) => ({ why, place: place(left, right), fall: waterfall(explain(left, right)) })),
    truth: {
      links: measureLinks(scored, truth, atLeast),
      clusters: measureClusters(clusters, people),
      thresholds: thresholdTable(scored, truth),
      curve: curve(scored, truth),
      calibration: calibration(scored, truth),
      by: 'sex',
      groups: measureByGroup(scored, truth, sexes, ['F', 'M'], atLeast),
      missed: errors.missed,
      errors: [...errors.falsePositives, ...errors.falseNegatives].map(({ kind, why, weight }) => ({
        kind,
        why: why === 'linked wrongly' ? 'Linked wrongly' : `Missed, ${why}`,
        place: place(weight.left, weight.right),
        fall: waterfall(weight),
      })),
    },
  }
  const values = sources.flatMap((source) => source.records.slice(0, 40).flatMap((record) => [record.dob, record.postcode, record.nhs].map(String)))
  return { report, values: values.filter((value) => value.length > 5 && value !== 'undefined') }
}
