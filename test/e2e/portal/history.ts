/**
 * A node with a past: partners that ask by day and rest by night, refusals, staff that looks people up, a partner that begins to
 * copy. All of it are real acts through the API, done while the node's clock is set back; nothing is written past the node.
 *
 *     node --conditions=source --import tsx test/e2e/portal/history.ts [days]
 *
 * starts such a node, prints where it is and who may sign in, and stays until Ctrl-C.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type NodeProcess, newHome, startNode } from '../node.ts'
import { addPartner, authorize, giveConsent, importPeople, member, type Partner, policyDocument, publishPolicy, redeem } from '../scenario.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const peopleMax = 60

export interface Past {
  readonly node: NodeProcess
  readonly partners: readonly Partner[]
}

/** How much a partner asks in an hour of the day: offices begin at eight, pause at noon, and a batch runs at two in the night. */
const office = [0, 0, 0, 0, 0, 0, 0, 1, 3, 5, 6, 5, 2, 4, 5, 5, 4, 2, 1, 0, 0, 0, 0, 0]
const batch = [0, 0, 8, 4, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
/** Numbers from a seed, so that every past is the same. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export async function startWithPast(days: number, environment: Readonly<Record<string, string>> = {}): Promise<Past> {
  const home = await newHome()
  const clock = join(home, 'clock')
  const beginMs = Date.now() - days * dayMs
  const setTo = async (atMs: number) => {
    writeFileSync(clock, String(Math.max(0, Date.now() - atMs)))
    // The node reads the file every five milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  await setTo(beginMs)
  const preload = pathToFileURL(join(import.meta.dirname, 'shifted-clock.mjs')).href
  const node = await startNode({ home, environment: { ...environment, NODE_OPTIONS: `--import ${preload}`, SHIFTED_CLOCK_FILE: clock } })
  const random = numbers(7)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T

  const people = Array.from({ length: peopleMax }, (_, at) => `C${String(at + 1)}`)
  await importPeople(
    node,
    [
      'customer_id,given_name,family_name,email,date_of_birth,annual_income',
      ...people.map(
        (id, at) => `${id},Given${at},Family${at},person${at}@example.org,19${String(50 + (at % 50))}-03-0${String(1 + (at % 9))},${String(20_000 + at * 731)}`,
      ),
    ].join('\n'),
  )
  const officer = await member(node, 'officer', 'olive@example.org')
  const rhythms = [
    { reference: 'northwind-bank', hours: office },
    { reference: 'harbour-insurance', hours: batch },
  ]
  const partners: Partner[] = []
  for (const { reference } of rhythms) {
    partners.push(await addPartner(node, reference))
    await publishPolicy(node, officer, policyDocument(`${reference}-service`, reference))
    for (const person of people.slice(0, Math.ceil(peopleMax * 0.8))) await giveConsent(node, person, reference)
  }
  /** What happens in an hour. */
  const live = async (when: Date) => {
    const weekend = when.getUTCDay() % 6 === 0
    for (const [at, { hours }] of rhythms.entries()) {
      const asks = Math.round((hours[when.getUTCHours()] ?? 0) * (weekend ? 0.2 : 0.6 + random() * 0.8))
      for (let ask = 0; ask < asks; ask++) await request(node, partners[at] as Partner, pick(people), random)
    }
    if (weekend || when.getUTCHours() !== 10) return
    // No policy lets staff read for this purpose: refused, and in the ledger as such.
    await node.operator.POST('/v1/records/read', { body: { user_id: pick(people), purpose: 'dpv:CustomerCare', fields: ['given_name'] } })
  }
  for (let hour = 0; hour < days * 24; hour++) {
    const atMs = beginMs + hour * hourMs + 10 * 60_000
    if (atMs > Date.now()) break
    await setTo(atMs)
    await live(new Date(atMs))
  }
  // Today somebody asks about one person after the other, known or not.
  await setTo(Date.now())
  for (let at = 0; at < 55; at++) await authorize(node, partners[1] as Partner, `C${String(100 + at)}`)
  return { node, partners }
}

/** A partner asks, mostly for what it may have, and mostly takes what it is granted; now and then its program repeats itself. */
async function request(node: NodeProcess, partner: Partner, person: string, random: () => number): Promise<void> {
  const answer = await authorize(node, partner, person, random() < 0.05 ? { purpose: 'dpv:Marketing' } : {})
  if (answer.status !== 200 || random() > 0.92) return
  await redeem(node, answer.body.token)
  if (random() < 0.03) await redeem(node, answer.body.token)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { node } = await startWithPast(Number(process.argv[2] ?? 7))
  console.log(JSON.stringify({ origin: node.origin, home: node.home, first_run: node.firstRunUrl, key: node.credential.key }, null, 2))
  process.once('SIGINT', () => void node.remove().then(() => process.exit(0)))
}
