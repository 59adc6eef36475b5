/** Probabilistic linkage: evidence is weighed by the linkage engine; doubtful pairs come out for people to look at, and what they decided holds. */
import { cluster } from '@gatehouse/linkage/cluster/cluster'
import type { Edges } from '@gatehouse/linkage/cluster/edges'
import { type Waterfall, waterfall } from '@gatehouse/linkage/explain/waterfall'
import { type Linker, linkerOf } from '@gatehouse/linkage/linker'
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
import { shownBy } from '@gatehouse/linkage/normalize/table'
import { type Column, columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import type { PlanLinkage } from '../plan/schema.ts'
import { asText } from './columns.ts'
import type { People } from './match.ts'
import { hidden, StepStop } from './step.ts'

/** What people decided of two rows, by the names of both. */
export interface Decision {
  readonly left: string
  readonly right: string
  readonly same: boolean
}

/** Two rows of which it is doubtful whether they are one person's, with what a reviewer needs to decide it: values in clear. */
export interface DoubtfulPair {
  readonly left: string
  readonly right: string
  /** By the names that the plan gives the sources. */
  readonly leftSource: string
  readonly rightSource: string
  readonly probability: number
  readonly fall: Pick<Waterfall, 'prior' | 'steps' | 'total' | 'sentence'>
}

/** The likeliest come out; nobody looks through more. */
const doubtfulMax = 10_000

export interface Weighed extends People {
  /** How many there are, of whom the likeliest come out. */
  readonly inDoubt: number
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
  const linker = linkerOf(
    modelOf(linkage, sources.length),
    sources.map((data, index) => ({ name: names[index] as string, data: keysOf(data, linkage) })),
  ).train({ seed: method.seed })
  const found = linker.predict({ atLeast: Math.min(method.review_from ?? method.threshold, method.threshold) })
  const recordNames = namesOf(sources)
  const known = new Map(decisions.map(({ left, right, same }) => [pairName(left, right), same]))
  const judged = judge(found, recordNames, known, method.threshold)
  const { sources: numbering, rowCount } = linker.table
  const eachOnce = sources.length === 2
  const clusters = cluster(judged.links, {
    method: eachOnce ? 'one-to-one' : 'components',
    ...(eachOnce ? { onePer: numbering } : {}),
    recordCount: rowCount,
    cannotLink: (left, right) =>
      known.get(pairName(recordNames[left] as string, recordNames[right] as string)) === false ? 'decided by people' : linker.cannotLink(left, right),
  })
  const numbered = new Map<number, number>()
  const person = Int32Array.from(clusters.ids, (id) => {
    const number = numbered.get(id) ?? numbered.size
    numbered.set(id, number)
    return number
  })
  const records = new Int32Array(numbered.size)
  for (const who of person) records[who] = (records[who] as number) + 1
  const settled = (left: number, right: number) =>
    person[left] === person[right] || (eachOnce && [left, right].some((record) => (records[person[record] as number] as number) > 1))
  const open = judged.doubtful.filter((at) => !settled(found.left[at] as number, found.right[at] as number))
  const likeliest = open.toSorted((one, other) => (found.probability[other] as number) - (found.probability[one] as number)).slice(0, doubtfulMax)
  const doubtful = likeliest.map((at) => doubtfulPair(linker, found, at, recordNames))
  return { person, count: numbered.size, joinedBy: [rowCount - numbered.size], inDoubt: open.length, doubtful, decided: judged.decided }
}

/** What is weighed, under the names of the keys, which people read. */
function keysOf(data: Dataset, { keys }: PlanLinkage): Dataset {
  const columns = keys.map(({ name }): Column => {
    const column = columnOf(data, hidden.key(name))
    return { ...column, field: { ...column.field, name } }
  })
  return { rowCount: data.rowCount, columns }
}

function doubtfulPair(linker: Linker, { left, right, probability }: Links, at: number, recordNames: readonly string[]): DoubtfulPair {
  const [one, other] = [left[at] as number, right[at] as number]
  const { names, offsets } = linker.table.sources
  const sourceOf = (record: number) => names[offsets.findLastIndex((offset) => offset <= record)] as string
  const { prior, steps, total, sentence } = waterfall(linker.explain(one, other), shownBy(linker.table))
  return {
    left: recordNames[one] as string,
    right: recordNames[other] as string,
    leftSource: sourceOf(one),
    rightSource: sourceOf(other),
    probability: probability[at] as number,
    fall: { prior, steps, total, sentence },
  }
}

/** Keys that hardly two people share find pairs alone; names and dates together with another. */
function modelOf({ keys }: PlanLinkage, sources: number): Model {
  const compare = keys.map(({ name: key, form }) => {
    const made = define[form]
    if (made === undefined) throw new StepStop('unfit_table', `keys of the form ${form} cannot be weighed`)
    return made(key)
  })
  const alone = keys.filter(({ form }) => form === 'nhs_number' || form === 'identifier' || form === 'email' || form === 'phone').map((key) => on(key.name))
  const others = keys.filter(({ form }) => form === 'name' || form === 'date' || form === 'postcode')
  const pairs = others.flatMap((left, index) => others.slice(index + 1).map((right): Rule => on(left.name, right.name)))
  const slips = others.flatMap((left) =>
    left.form === 'date' ? others.filter(({ form }) => form === 'name').map((right): Rule => on(left.name, prefix(right.name, 1))) : [],
  )
  const block = [...alone, ...pairs, ...slips].slice(0, 32)
  const [only] = keys
  return defineModel({
    link: sources === 1 ? 'dedupe' : sources === 2 ? 'link' : 'both',
    compare,
    block: block.length > 0 || only === undefined ? block : [on(...keys.map((key) => key.name))],
  })
}

interface Judged {
  readonly links: Edges
  /** By their places among those that were found. */
  readonly doubtful: readonly number[]
  readonly decided: number
}

/** Outweighs every sum of evidence. */
const decidedWeight = 1_000

/** What people have decided is as sure as anything can be; the rest is held to the threshold. */
function judge(found: Links, names: readonly string[], known: ReadonlyMap<string, boolean>, threshold: number): Judged {
  const keep: number[] = []
  const doubtful: number[] = []
  const weight = found.weight.slice()
  const probability = found.probability.slice()
  let decided = 0
  for (let link = 0; link < found.length; link++) {
    const [left, right] = [names[found.left[link] as number] as string, names[found.right[link] as number] as string]
    const decision = known.get(pairName(left, right))
    if (decision !== undefined) {
      decided++
      if (!decision) continue
      weight[link] = decidedWeight
      probability[link] = 1
      keep.push(link)
    } else if ((probability[link] as number) >= threshold) keep.push(link)
    // Two rows of a table without a key that are alike in everything are told apart by nobody.
    else if (left !== right) doubtful.push(link)
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

/** Of all records, numbered through over all sources. */
function namesOf(sources: readonly Dataset[]): string[] {
  return sources.flatMap((source) => {
    const { codes, dictionary } = asText(columnOf(source, hidden.name))
    return Array.from(codes, (code) => dictionary[code] as string)
  })
}
