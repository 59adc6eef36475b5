/** Links and clusters as tables. Records are told by source and row, counted from 1 behind the header, and by a column of their own if one is named. */
import type { Clusters } from '@gatehouse/linkage/cluster/cluster'
import { type Links, linkAt, type Sources, sourceOf } from '@gatehouse/linkage/model/link'
import { type Dataset, datasetFrom } from '@gatehouse/tabular/dataset'
import type { FieldType } from '@gatehouse/tabular/field'
import type { SourceRecord } from '@gatehouse/tabular/value'

export interface Named {
  readonly sources: Sources
  /** Per record what the column of `--id` holds. */
  readonly ids?: readonly (string | null)[]
}

const field = (name: string, type: FieldType) => ({ name, type, sensitivity: 'sensitive' as const, nullable: true })

export function linksTable(links: Links, { ids: clusterOf }: Clusters, atLeast: number, named: Named): Dataset {
  const side = (name: string) => [
    field(`${name}_source`, 'string'),
    field(`${name}_row`, 'integer'),
    ...(named.ids === undefined ? [] : [field(`${name}_id`, 'string')]),
  ]
  const fields = [
    ...side('left'),
    ...side('right'),
    field('weight', 'number'),
    field('probability', 'number'),
    field('rule', 'string'),
    field('cluster', 'integer'),
  ]
  return datasetFrom(fields, rows())

  function* rows(): Generator<SourceRecord> {
    for (let index = 0; index < links.length; index++) {
      const { left, right, weight, probability, rule } = linkAt(links, index)
      if (probability < atLeast) continue
      const rounded = { weight: Number(weight.toFixed(6)), probability: Number(probability.toPrecision(12)) }
      yield { ...place('left', left, named), ...place('right', right, named), ...rounded, rule: rule ?? null, cluster: clusterOf[left] ?? null }
    }
  }
}

export function clustersTable({ ids: clusterOf }: Clusters, named: Named): Dataset {
  const fields = [field('source', 'string'), field('row', 'integer'), ...(named.ids === undefined ? [] : [field('id', 'string')]), field('cluster', 'integer')]
  return datasetFrom(
    fields,
    Array.from(clusterOf, (cluster, record) => ({ ...place('', record, named), cluster })),
  )
}

function place(side: string, record: number, { sources, ids }: Named): SourceRecord {
  const { source, row } = sourceOf(sources, record)
  const name = (member: string): string => (side === '' ? member : `${side}_${member}`)
  return { [name('source')]: sources.names[source] ?? null, [name('row')]: row + 1, ...(ids === undefined ? {} : { [name('id')]: ids[record] ?? null }) }
}

/** "gp.csv, row 12 – hospital.csv, row 90". */
export function placeInWords(sources: Sources, left: number, right: number): string {
  return [left, right]
    .map((record) => {
      const { source, row } = sourceOf(sources, record)
      return `${sources.names[source]}, row ${row + 1}`
    })
    .join(' – ')
}
