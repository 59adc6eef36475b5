/** The evidence of a result as a crate, from a run that two released to the verifier that knows nothing but the node's public keys. */
import { createHash } from 'node:crypto'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { FileAnswer } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noWitnesses } from '../../../../../apps/verify/checkpoint.ts'
import { nodeCryptography } from '../../../../../apps/verify/command/machine.ts'
import { checkCrate } from '../../../../../apps/verify/crate/verify.ts'
import { filesOf } from '../../../../../apps/verify/crate/zip.ts'
import { readKeys } from '../../../../../apps/verify/keys.ts'
import { judge, type Report } from '../../../../../apps/verify/report.ts'
import { appendEntry, sequence } from '../../../../ledger/index.ts'
import { evidenceKeys } from '../../../release/evidence-keys.ts'
import { sealOf } from '../../../release/index.ts'
import { problems } from '../../problems.ts'
import type { RunView } from '../../runs/schema.ts'
import { type QueryNode, queryNode } from '../../testing/query.ts'
import { exportCrate } from './export.ts'

let n: QueryNode
let of: Awaited<ReturnType<QueryNode['project']>>
let run: RunView
let reviewers: Principal[]
let zip: Buffer
let keyFile: string

const crateOf = (result: string | null, by = of.lead) => n.t.door.enter(exportCrate, { project: of.project, result: result as never }, by)
async function bytesOf({ chunks }: FileAnswer): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const chunk of chunks) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts)
}
const check = (bytes: Uint8Array, keys = keyFile) =>
  judge(async (report) => {
    await checkCrate(report, { zip: bytes, keys: await readKeys(keys, nodeCryptography), policy: noWitnesses, cryptography: nodeCryptography })
  })
/** Of the same length, so that nothing of the zip moves. */
function changed(from: string, to: string): Buffer {
  expect(to.length).toBe(from.length)
  const copy = Buffer.from(zip)
  const at = copy.indexOf(from)
  expect(at).toBeGreaterThan(0)
  copy.write(to, at, 'latin1')
  return copy
}

beforeAll(async () => {
  n = await queryNode({}, [], { append: appendEntry })
  reviewers = [await n.staff(['data_owner']), await n.staff(['data_owner'])]
  of = await n.project()
  run = await n.ran(of)
})
afterAll(() => n?.t.close())

describe('the evidence of a result', () => {
  it('is given for no result that is held, and to nobody outside the project', async () => {
    expect(await n.refused(exportCrate, { project: of.project, result: run.result }, of.lead)).toBe(problems.result_held)
    const elsewhere = await n.project()
    expect(await n.refused(exportCrate, { project: of.project, result: run.result }, elsewhere.lead)).toBe(doorProblems.not_allowed)
    expect(await n.refused(exportCrate, { project: elsewhere.project, result: run.result }, elsewhere.lead)).toBe(doorProblems.not_found)
  })

  it('is a bag that verifies with the public keys of the node, and says what was run, for whom, who judged it and what came of it', async () => {
    for (const who of reviewers) await n.vote(run.review ?? '', who)
    await sequence(n.t.door.node)
    const answer = await crateOf(run.result)
    if (answer.outcome !== 'done') throw new Error(answer.outcome)
    zip = await bytesOf(answer.output as FileAnswer)
    keyFile = (await n.done<{ key_file: string }>(evidenceKeys, {}, n.t.principal({ roles: ['auditor'] }))).key_file
    const report = await check(zip)
    expect(report.checks.filter(({ verdict }) => verdict !== 'good')).toEqual([])
    expect(report.verdict).toBe('good')
    const files = filesOf(zip)
    const read = (name: string) => Buffer.from([...files].find(([path]) => path.endsWith(name))?.[1] ?? []).toString()
    const { '@graph': graph } = JSON.parse(read('data/ro-crate-metadata.json')) as { '@graph': Record<string, unknown>[] }
    const entity = (id: string) => graph.find((one) => one['@id'] === id)
    expect(entity('./')).toMatchObject({ conformsTo: { '@id': 'https://w3id.org/5s-crate/0.4' }, sourceOrganization: { '@id': `#project-${of.project}` } })
    expect(entity(`#run-${run.id}`)).toMatchObject({
      '@type': 'CreateAction',
      agent: { '@id': `urn:uuid:${of.analyst.id}` },
      instrument: { '@id': 'plan.json' },
    })
    expect(entity(`#review-${run.review}`)).toMatchObject({ '@type': 'AssessAction', additionalType: { '@id': 'https://w3id.org/shp#DisclosureCheck' } })
    expect(entity('plan.json')).toMatchObject({ sha256: createHash('sha256').update(read('data/plan.json')).digest('hex') })
    // Every reference leads to something that is described.
    const ids = new Set(graph.map((one) => one['@id']))
    const external = /^https:\/\/(?:w3id\.org\/(?:ro\/crate\/1\.2|shp#)|schema\.org)/
    const references = [...JSON.stringify(graph).matchAll(/\{"@id":"([^"]+)"\}/g)].map(([, id]) => id as string)
    expect(references.filter((id) => !ids.has(id) && !external.test(id))).toEqual([])
  })

  it('holds no row, and no name of a person', () => {
    const text = zip.toString('latin1')
    for (const value of ['asthma', 'migraine', 'P17', 'Ripon', 'Ada', '@example']) expect(text.includes(value), value).toBe(false)
  })
})

describe('a crate that somebody changed', () => {
  // The manifest says which file it is, before anything is asked of what stands in it.
  it.each([
    ['the plan', () => changed('"k":5', '"k":4'), 'data/plan.json'],
    [
      'who judged it',
      () => changed(`"#review-${run.review}",\n      "@type"`, '"#review-01980000-0000-7000-8000-00000000dead",\n      "@type"'),
      'data/ro-crate-metadata.json',
    ],
    ['an entry of the ledger', () => changed('"index":', '"indeX":'), 'data/evidence.json'],
    ['the manifest', () => changed('  data/plan.json', '  data/plan.jsoN'), 'manifest-sha512.txt'],
    ['the seal', () => changed('/evidence\n', '/evidencE\n'), 'seal.txt'],
  ])('%s is found, and where', async (_, make, place) => {
    const report = await check(make())
    expect(report.verdict).toBe('bad')
    expect(report.checks.find(({ verdict }) => verdict === 'bad')?.place).toBe(place)
  })

  it('and whose manifests somebody made anew is not the one that the node sealed', async () => {
    const bytes = changed('Evidence of one run', 'Evidence of two run')
    await rehash(bytes)
    expect(faults(await check(bytes))).toEqual(['seal.txt'])
  })

  it.each([
    ['another plan', () => changed('"k":5', '"k":4'), 'data/plan.json'],
    [
      'a review that never was',
      () => changed(`"#review-${run.review}",\n      "@type"`, '"#review-01980000-0000-7000-8000-00000000dead",\n      "@type"'),
      'data/ro-crate-metadata.json/@graph/',
    ],
    ['another project', () => changed(`"identifier": "${of.project}"`, '"identifier": "01980000-0000-7000-8000-00000000dead"'), 'data/ro-crate-metadata.json'],
  ])('and sealed itself, with %s than its log has, is found', async (_, make, place) => {
    const bytes = make()
    await rehash(bytes, (manifest) => sealOf({ node: n.t.door.node, tenant: n.t.tenant }, createdOf(bytes), manifest))
    const found = faults(await check(bytes))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(place)
  })

  it('cannot be told by keys of another node', async () => {
    const others = keyFile.replaceAll(/^[^#\n].*$/gm, '')
    expect((await check(zip, `${others}\n${strangersKey}`)).verdict).toBe('cannot_tell')
  })

  it('is no zip with a second table of contents, nor with bytes between its files', async () => {
    expect((await check(Buffer.concat([zip, zip]))).verdict).toBe('bad')
    expect((await check(zip.subarray(0, zip.length - 1))).verdict).toBe('cannot_tell')
  })
})

const strangersKey = 'stranger.example/log+b6b3b3b3+AQ=='

const faults = ({ checks }: Report): string[] => checks.filter(({ verdict }) => verdict === 'bad').map(({ place }) => place)
const createdOf = (bytes: Uint8Array): string => /"created":"([^"]+)"/.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? ''

/** Puts the digests of what is in the zip into both manifests, as whoever changes a file would; and a seal, where the node itself does. */
async function rehash(bytes: Buffer, seal?: (manifest: Uint8Array) => Promise<string>): Promise<void> {
  const sha512 = (data: Uint8Array) => createHash('sha512').update(data).digest('hex')
  const files = new Map([...filesOf(bytes)].map(([path, at]) => [path.slice(path.indexOf('/') + 1), at]))
  const renew = (name: string): Uint8Array => {
    const at = files.get(name) as Uint8Array
    const lines = Buffer.from(at).toString().trimEnd().split('\n')
    at.set(Buffer.from(lines.map((line) => `${sha512(files.get(line.slice(130)) as Uint8Array)}  ${line.slice(130)}\n`).join('')))
    return at
  }
  const manifest = renew('manifest-sha512.txt')
  if (seal !== undefined) files.get('seal.txt')?.set(Buffer.from(await seal(manifest)))
  renew('tagmanifest-sha512.txt')
}
