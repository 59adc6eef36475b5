import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { fieldsOf } from '@gatehouse/tabular/mapping'
import type { Command } from 'commander'
import { useFor } from '../demo/draft-policy.ts'
import { chooseCast, demoMapping, inventPeople } from '../demo/input.ts'
import { agreeOnRule, importRecords, type Receiver, recordConsents, registerReceiver } from '../demo/prepare.ts'
import { proveIt, readLedger } from '../demo/prove.ts'
import { refuseWhatMustBe, releaseOnce, withdrawInBetween } from '../demo/release.ts'
import { beginStory, type Story } from '../demo/story.ts'
import { readMapping } from '../files/propose-mapping.ts'
import { sampleOf } from '../files/read-rows.ts'
import { type Connection, findNode } from '../node/connection.ts'
import { homeOf } from '../node/home.ts'
import { startTemporaryNode } from '../node/temporary.ts'
import { openStep } from '../terminal/progress.ts'
import { act, collect, wholeNumber } from './act.ts'
import { addDemoPlan } from './demo-plan.ts'

interface Options {
  readonly input?: string
  readonly mapping?: string
  readonly subject?: string
  readonly drop?: string[]
  readonly recordType: string
  readonly people: number
  readonly seed: number
  readonly out: string
}

/** Whatever must be undone at the end, last first. */
type Undo = (() => Promise<unknown>)[]

export function addDemo(program: Command): void {
  const demo = program
    .command('demo')
    .description('the whole story in a minute: import, rule, consent, release, refusals, proof')
    .option('--input <file>', 'a file of your own; without it people are invented')
    .option('--mapping <file>', 'how its columns are read')
    .option('--subject <column>', 'the column that names the person')
    .option('--drop <columns>', 'columns to leave behind, with commas', collect)
    .option('--record-type <slug>', 'the kind of record; of its own, so that nothing of yours is touched', 'demo_person')
    .option('--people <number>', 'how many people are invented', wholeNumber, 2_000)
    .option('--seed <number>', 'the same seed invents the same people', wholeNumber, 7)
    .option('--out <folder>', 'where the evidence goes', 'gatehouse-demo')
    .action(
      act(async ({ out, home }, options: Options) => {
        const story = beginStory(out)
        const undo: Undo = []
        const interrupted = new AbortController()
        const interrupt = () => interrupted.abort(new Error('Interrupted; nothing of the temporary node is left.'))
        process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
        const began = performance.now()
        try {
          const { connection, temporary } = await findOrStart(story, await homeOf(home), undo, interrupted.signal)
          const figures = await Promise.race([tell(story, connection, options, undo, temporary), aborted(interrupted.signal)])
          const seconds = (performance.now() - began) / 1000
          sayEnd(story, { seconds, temporary, ...figures })
          const { receiver: _, ...rest } = figures
          out.result({ ok: true, seconds, temporary_node: temporary, origin: connection.credential.origin, ...rest, claims: story.claims })
        } catch (error) {
          if (!interrupted.signal.aborted) out.result({ ok: false, error: (error as Error).message, claims: story.claims })
          throw interrupted.signal.aborted ? error : new Error((error as Error).message, { cause: error })
        } finally {
          for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step().catch(() => {})
          process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
          if (interrupted.signal.aborted) process.exit(130)
        }
      }),
    )
  addDemoPlan(demo)
}

async function findOrStart(story: Story, home: string, undo: Undo, signal: AbortSignal): Promise<{ connection: Connection; temporary: boolean }> {
  story.step('A node')
  const running = await findNode(home)
  if (running !== undefined) {
    story.tell(`The node at ${running.credential.origin} is running and is used. What the story makes there bears names of its own.`)
    return { connection: running, temporary: false }
  }
  story.tell('No node is running here, so one is started for the story alone: own folder, own ports, removed afterwards.')
  const progress = openStep(!story.out.json)
  const node = await startTemporaryNode(progress.tell, signal).finally(progress.end)
  undo.push(node.stop)
  story.claim(`It answers at ${node.connection.credential.origin}.`, true)
  return { connection: node.connection, temporary: true }
}

async function tell(story: Story, connection: Connection, options: Options, undo: Undo, temporary: boolean) {
  const suffix = randomBytes(3).toString('hex')
  const path = options.input === undefined ? await invent(options, undo) : resolve(options.input)
  const rows = await sampleOf(path)
  const proposed = options.mapping === undefined ? demoMapping(rows, options) : { mapping: await readMapping(options.mapping), proposal: undefined }
  const { mapping } = proposed
  const cast = await chooseCast(path, mapping)
  const use = useFor(fieldsOf(mapping))
  const recordType = mapping.record_type

  const imported = await importRecords(story, connection, path, proposed, cast)
  const receiver = await registerReceiver(story, connection, use, suffix)
  const rule = await agreeOnRule(story, connection, { use, receiver, mapping, cast, suffix })
  const consents = await recordConsents(story, connection, { cast, rule, receiver, recordType })
  const scene = { story, connection, receiver, rule, use, cast, recordType }
  const released = await releaseOnce(scene)
  await refuseWhatMustBe(scene)
  await withdrawInBetween(scene)
  const ledger = await readLedger(story, connection, receiver)
  const folder = resolve(options.out)
  const evidence = await proveIt(story, connection, released.release, folder)
  if (!temporary) await keepReceiver(folder, receiver)
  const { rejects: _, ...counts } = imported
  const file = options.input === undefined ? null : options.input
  return {
    receiver,
    people: cast.ids.length,
    input: file,
    import: counts,
    partner: receiver.reference,
    policy: rule.uid,
    consents,
    release: released,
    ledger,
    evidence,
  }
}

async function invent(options: Options, undo: Undo): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-people-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  return inventPeople(folder, options.people, options.seed)
}

/** On a node that stays, the receiver's key is left for the next commands. */
async function keepReceiver(folder: string, receiver: Receiver): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'receiver.key'), `${receiver.privateKey}\n`, { mode: 0o600 })
  await writeFile(join(folder, 'receiver.crt'), `${receiver.certificate}\n`)
}

function sayEnd(
  { out }: Story,
  end: { seconds: number; temporary: boolean; receiver: Receiver; policy: string; evidence: { bundle: string; keys: string } },
): void {
  const { seconds, temporary, receiver, policy, evidence } = end
  const [bundle, keys] = [relative('.', evidence.bundle), relative('.', evidence.keys)]
  out.say()
  out.say(out.style.bold(`Done in ${seconds.toFixed(0)} s; every claim above was checked. What to try next:`))
  out.say(`   gatehouse verify ${bundle} --key ${keys}    the proof still stands, wherever the node is`)
  if (temporary) {
    out.say('   npm start                                       a node that stays; then open the portal')
    out.say('   gatehouse demo --input FILE.csv                 the same story with records of your own')
    return
  }
  out.say(`   gatehouse policy show ${policy}`)
  out.say(`   gatehouse api-key issue ${receiver.reference}    a key to ask with; then gatehouse authorize --help`)
  out.say(`   gatehouse logs --follow                         everything as it happens`)
  out.say(`   gatehouse policy retire ${policy}               ends what the story made`)
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
}
