/** Probabilistic linkage: evidence is weighed by the linkage engine; doubtful pairs come out for people to look at, and what they decided holds. */
import { toHex } from '@gatehouse/crypto/bytes'
import { cluster } from '@gatehouse/linkage/cluster/cluster'
import type { Edges } from '@gatehouse/linkage/cluster/edges'
import { linkerOf } from '@gatehouse/linkage/linker'
import {
  address,
  type Defined,
  dateOfBirth,
  defineModel,
  email,
  exact,
  identifier,
  name,
  nhsNumber,
  number,
  on,
  phone,
  postcode,
  prefix,
} from '@gatehouse/linkage/model/define'
import type { Links } from '@gatehouse/linkage/model/link'
import type { FormName, Model, Rule } from '@gatehouse/linkage/model/schema'
import { type Dataset, select } from '@gatehouse/tabular/dataset'
import type { PlanLinkage } from '../plan/schema.ts'
import { numbersOf, type People } from './match.ts'
import { hidden, StepStop } from './step.ts'

/** What people decided of two records, by their digests, the smaller first. */
export interface Decision {
  readonly left: string
  readonly right: string
  readonly same: boolean
}

/** Two records of which it is doubtful whether they are one person. */
export interface DoubtfulPair {
  readonly left: string
  readonly right: string
  /** Numbered through over all sources. */
  readonly records: readonly [number, number]
  readonly probability: number
  readonly weight: number
}

export interface Weighed extends People {
  readonly doubtful: readonly DoubtfulPair[]
  readonly decided: number
}

const define: Partial<Record<FormName, (column: string) => Defined>> = {
  address,
  date: (column) => dateOfBirth(column),
  email,
  identifier,
  name,
  nhs_number: (column) => nhsNumber(column, { conflict: 'forbid' }),
  number: (column) => number(column, { bands: [0] }),
  phone,
  postcode,
  text: exact,
}

export function weighEvidence(sources: readonly Dataset[], names: readonly string[], linkage: PlanLinkage, decisions: readonly Decision[]): Weighed {
  const { method } = linkage
  if (method.kind !== 'probabilistic') throw new RangeError('only a probabilistic plan weighs evidence')
  const columns = linkage.keys.map((key) => hidden.key(key.name))
  const model = modelOf(linkage, sources.length)
  const linker = linkerOf(
    model,
    sources.map((data, index) => ({ name: names[index] as string, data: select(data, columns) })),
  ).train({ seed: method.seed })
  const found = linker.predict({ atLeast: Math.min(method.review_from ?? method.threshold, method.threshold) })
  const digests = digestsOf(sources)
  const known = new Map(decisions.map((decision) => [`${decision.left} ${decision.right}`, decision.same]))
  const judged = judge(found, digests, known, method.threshold)
  const { sources: numbering, rowCount } = linker.table
  const clusters = cluster(judged.links, {
    method: sources.length === 2 ? 'one-to-one' : 'components',
    ...(sources.length === 2 ? { onePer: numbering } : {}),
    recordCount: rowCount,
    cannotLink: (left, right) => (known.get(pairName(digests(left), digests(right))) === false ? 'decided by people' : linker.cannotLink(left, right)),
  })
  const numbered = new Map<number, number>()
  const person = Int32Array.from(clusters.ids, (id) => {
    const number = numbered.get(id) ?? numbered.size
    numbered.set(id, number)
    return number
  })
  return { person, count: numbered.size, joinedBy: [rowCount - numbered.size], doubtful: judged.doubtful, decided: judged.decided }
}

/** Keys that hardly two people share find pairs alone; names and dates together with another. */
function modelOf({ keys }: PlanLinkage, sources: number): Model {
  const compare = keys.map(({ name: key, form }) => {
    const made = define[form]
    if (made === undefined) throw new StepStop('unfit_table', `keys of the form ${form} cannot be weighed`)
    return made(hidden.key(key))
  })
  const alone = keys
    .filter(({ form }) => form === 'nhs_number' || form === 'identifier' || form === 'email' || form === 'phone')
    .map((key) => on(hidden.key(key.name)))
  const others = keys.filter(({ form }) => form === 'name' || form === 'date' || form === 'postcode')
  const pairs = others.flatMap((left, index) => others.slice(index + 1).map((right): Rule => on(hidden.key(left.name), hidden.key(right.name))))
  const slips = others.flatMap((left) =>
    left.form === 'date' ? others.filter(({ form }) => form === 'name').map((right): Rule => on(hidden.key(left.name), prefix(hidden.key(right.name), 1))) : [],
  )
  const block = [...alone, ...pairs, ...slips].slice(0, 32)
  const [only] = keys
  return defineModel({
    link: sources === 1 ? 'dedupe' : sources === 2 ? 'link' : 'both',
    compare,
    block: block.length > 0 || only === undefined ? block : [on(...keys.map((key) => hidden.key(key.name)))],
  })
}

interface Judged {
  readonly links: Edges
  readonly doubtful: readonly DoubtfulPair[]
  readonly decided: number
}

/** What people have decided is as sure as anything can be; the rest is held to the threshold. */
function judge(found: Links, digestOf: (record: number) => string, known: ReadonlyMap<string, boolean>, threshold: number): Judged {
  const keep: number[] = []
  const doubtful: DoubtfulPair[] = []
  const weight = found.weight.slice()
  const probability = found.probability.slice()
  let decided = 0
  for (let link = 0; link < found.length; link++) {
    const [left, right] = [found.left[link] as number, found.right[link] as number]
    const decision = known.get(pairName(digestOf(left), digestOf(right)))
    if (decision !== undefined) {
      decided++
      if (!decision) continue
      weight[link] = Number.POSITIVE_INFINITY
      probability[link] = 1
      keep.push(link)
    } else if ((probability[link] as number) >= threshold) keep.push(link)
    else {
      const [one, other] = [digestOf(left), digestOf(right)].sort() as [string, string]
      doubtful.push({ left: one, right: other, records: [left, right], probability: probability[link] as number, weight: weight[link] as number })
    }
  }
  const pick = <T extends Int32Array | Float64Array>(column: T, into: T): T => {
    keep.forEach((link, at) => {
      into[at] = column[link] as number
    })
    return into
  }
  const length = keep.length
  return {
    links: {
      length,
      left: pick(found.left, new Int32Array(length)),
      right: pick(found.right, new Int32Array(length)),
      weight: pick(weight, new Float64Array(length)),
      probability: pick(probability, new Float64Array(length)),
    },
    doubtful,
    decided,
  }
}

function pairName(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}

/** The digest of a record, by all its keys together, in hex. Records that lack one have none, and no decision is of them. */
function digestsOf(sources: readonly Dataset[]): (record: number) => string {
  const parts = sources.map((source) => ({ rowCount: source.rowCount, high: numbersOf(source, hidden.passHigh(0)), low: numbersOf(source, hidden.passLow(0)) }))
  return (record) => {
    let row = record
    for (const { rowCount, high, low } of parts) {
      if (row < rowCount) return Number.isNaN(high[row]) ? `record ${record}` : digestText(high[row] as number, low[row] as number)
      row -= rowCount
    }
    throw new RangeError(`there is no record ${record}`)
  }
}

/** 96 bits in hex. */
export function digestText(high: number, low: number): string {
  const bytes = new Uint8Array(12)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(high / 2 ** 32))
  view.setUint32(2, high % 2 ** 32)
  view.setUint16(6, Math.floor(low / 2 ** 32))
  view.setUint32(8, low % 2 ** 32)
  return toHex(bytes)
}
