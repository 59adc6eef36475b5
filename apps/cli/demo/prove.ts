/** The end of the story: what the ledger says, and a file that proves it to somebody who trusts nobody here. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import { type WrittenEvidence, writeEvidence } from '../files/write-evidence.ts'
import type { Connection } from '../node/connection.ts'
import { reportOf } from '../node/verifier.ts'
import { count } from '../terminal/output.ts'
import type { Receiver } from './prepare.ts'
import type { Story } from './story.ts'

export interface Counts {
  readonly log_size: number
  readonly by_act: Readonly<Record<string, number>>
}

/** What this story must have left of the partner: every question and every knock at the exchange, whatever came of it. */
const expected: Readonly<Record<string, number>> = {
  'release.authorize permit': 2,
  'release.authorize deny': 3,
  'release.redeem permit': 1,
  'release.redeem deny': 3,
}

export async function readLedger(story: Story, { client }: Connection, receiver: Receiver): Promise<Counts> {
  story.step('The ledger knows it all')
  const [entries, log] = await Promise.all([
    client.GET('/v1/logs', { params: { query: { partner: receiver.id, limit: 100, order: 'desc' } } }),
    client.GET('/v1/ledger/checkpoint'),
  ])
  const byAct: Record<string, number> = {}
  for (const { body } of must(entries).data) {
    const act = body.decision === undefined ? body.type : `${body.type} ${body.decision}`
    byAct[act] = (byAct[act] ?? 0) + 1
  }
  const { size } = must(log)
  story.table(
    [`about ${receiver.reference}`, 'entries'],
    Object.entries(byAct)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([act, number]) => [act, number]),
  )
  const wrong = Object.entries(expected).filter(([act, number]) => byAct[act] !== number)
  story.claim(
    'Each question and each knock at the exchange has its entry, the refused ones too.',
    wrong.length === 0,
    wrong.map(([act, number]) => `${act}: ${byAct[act] ?? 0} and not ${number}`).join('; '),
  )
  story.tell(`The newest checkpoint covers ${count(size)} entries. They hold ids, digests and counts, and nobody’s data.`)
  return { log_size: size, by_act: byAct }
}

export interface Proof extends WrittenEvidence {
  readonly altered: string
  readonly fault: string
}

export async function proveIt(story: Story, connection: Connection, release: string, folder: string): Promise<Proof> {
  story.step('The proof leaves the house')
  await mkdir(folder, { recursive: true })
  const written = await writeEvidence(connection, { kind: 'release', release }, join(folder, 'evidence.json'), join(folder, 'keys.txt'))
  const shown = (path: string) => relative('.', path)
  story.tell(
    `${shown(written.bundle)} holds ${written.entries} ledger entries with their proofs, the rule, the consent and the sealed record; ${shown(written.keys)} the public keys.`,
  )
  const good = await reportOf(written.bundle, written.keys)
  for (const check of good.checks) story.tell(`  ${check.verdict}  ${check.place}: ${check.text}`)
  story.claim('An independent program that shares no code with the node finds it good, offline.', good.exitCode === 0, good.verdict)

  const altered = join(folder, 'evidence-altered.json')
  await writeFile(altered, withOneByteChanged(await readFile(written.bundle, 'utf8')))
  const bad = await reportOf(altered, written.keys)
  const fault = bad.checks.find(({ verdict }) => verdict === 'bad')
  story.claim(
    `With one byte changed (${shown(altered)}) it says where: ${fault?.place ?? 'nowhere'}.`,
    bad.exitCode === 1 && fault?.place.startsWith('/vault/chains/0/blocks/0') === true,
    bad.verdict,
  )
  return { ...written, altered, fault: fault?.place ?? '' }
}

/** Within the sealed record: base64url stays base64url, and only its meaning changes. */
function withOneByteChanged(bundle: string): string {
  const member = '"encrypted_data": "'
  const at = bundle.indexOf(member) + member.length + 16
  return bundle.slice(0, at) + (bundle[at] === 'A' ? 'B' : 'A') + bundle.slice(at + 1)
}
