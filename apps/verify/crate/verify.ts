/** Checks a crate of evidence: the bag is whole and sealed by the node, its evidence stands in the log, and what it describes is what stands there. */

import { parseBundle, readBundle } from '../bundle/read.ts'
import { checkSealed } from '../bundle/seal.ts'
import { type BundleQuestion, checkBundle } from '../bundle/verify.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { toHex, utf8Text } from '../encoding.ts'
import { type Entry, readBody } from '../entries.ts'
import { CannotTell, Fault, type Run } from '../report.ts'
import { each, object, text1 } from '../shape.ts'
import { readBag } from './bag.ts'
import { filesOf } from './zip.ts'

export const crateBytesMax = 256 * 1024 * 1024
const names = ['ro-crate-metadata.json', 'plan.json', 'evidence.json'] as const

export interface CrateQuestion extends Omit<BundleQuestion, 'text'> {
  readonly zip: Uint8Array
}

/** @throws Fault, CannotTell */
export async function checkCrate(
  run: Run,
  { zip, keys, policy, cryptography }: CrateQuestion,
): Promise<{ readonly checkpoint: Checkpoint | undefined; readonly created: string }> {
  const { payload, manifest, seal } = await readBag(filesOf(zip), cryptography)
  run.note('good', 'manifest-sha512.txt', `${payload.size} files are those that the manifest names, and no other`)
  for (const path of payload.keys())
    if (!(names as readonly string[]).includes(path)) throw new Fault(`data/${path}`, 'the crate has a file of which nothing is known')
  const [metadata, evidence] = [textOf(payload, 'ro-crate-metadata.json'), textOf(payload, 'evidence.json')]
  const bundle = readBundle(parseBundle(evidence))
  const of = await checkBundle(run, { text: evidence, keys, policy, cryptography })
  await run.try(() =>
    checkSealed(run, { what: 'crate', place: 'seal.txt', origin: bundle.origin, created: of.created, seal, bytes: manifest }, keys, cryptography),
  )
  await run.try(async () => {
    const { about } = bundle
    if (about?.kind !== 'result') throw new Fault('data/evidence.json', 'the evidence is not about a result')
    const entries = bundle.log.entries.map((entry, at) => readBody(entry, `/log/entries/${at}`))
    const ended = endOf(entries, about.run, about.result)
    if (toHex(await cryptography.sha256(payload.get('plan.json') ?? new Uint8Array(0))) !== ended.details.hash)
      throw new Fault('data/plan.json', 'the plan is not the one that the log says was run')
    checkDescription(metadata, about, entries, ended)
    run.note('good', 'data/ro-crate-metadata.json', 'plan, run, result and reviews are those that the log has')
  })
  return of
}

function textOf(payload: ReadonlyMap<string, Uint8Array>, name: string): string {
  const bytes = payload.get(name)
  const text = bytes && utf8Text(bytes)
  if (text === undefined) throw new CannotTell(`the crate has no ${name}, or none in UTF-8`)
  return text
}

/** The entry of the run's end names plan and result. */
function endOf(entries: readonly Entry[], run: string, result: string): Entry {
  const ended = entries.find(({ type, object: about, details }) => type === 'query.run_ended' && about?.id === run && details.result === result)
  if (ended === undefined) throw new Fault('data/evidence.json', 'no entry of the evidence says that this run came to this result')
  return ended
}

function checkDescription(
  text: string,
  about: { readonly project: string; readonly run: string; readonly result: string },
  entries: readonly Entry[],
  ended: Entry,
): void {
  const place = 'data/ro-crate-metadata.json'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Fault(place, `the description is not JSON: ${(cause as Error).message}`)
  }
  const graph = each(object(value, place)['@graph'], `${place}/@graph`, (one, at) => {
    const entity = object(one, at)
    return { at, id: text1(entity['@id'], `${at}/@id`), type: entity['@type'], entity }
  })
  const named = (id: string) => {
    const [found, again] = graph.filter((one) => one.id === id)
    if (found === undefined || again !== undefined) throw new Fault(place, `the description has ${id} not once`)
    return found
  }
  const same = (at: string, stated: unknown, logged: unknown) => {
    if (stated !== logged) throw new Fault(at, 'the description says otherwise than the log')
  }
  same(`${place}/${about.project}`, named(`#project-${about.project}`).entity.identifier, ended.details.project)
  const action = named(`#run-${about.run}`)
  same(action.at, JSON.stringify(action.entity.result), JSON.stringify([{ '@id': `urn:uuid:${about.result}` }]))
  const plan = named('plan.json')
  same(plan.at, plan.entity.sha256, ended.details.hash)
  same(plan.at, plan.entity.version, ended.details.version)
  same(plan.at, plan.entity.identifier, `urn:uuid:${String(ended.details.plan)}`)
  same(place, named(`#digest-${about.result}`).entity.value, ended.details.digest)
  for (const { id, type, at } of graph) {
    if (type !== 'AssessAction') continue
    const review = id.slice('#review-'.length)
    const approved = entries.some(({ object: of, details }) => of?.kind === 'review' && of.id === review && details.state === 'approved')
    if (!approved) throw new Fault(at, 'the log has no such review, or not that it ended so')
  }
}
