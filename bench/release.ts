/**
 * Authorising and redeeming, 16 partners at once over loopback against a real node on its embedded PostgreSQL, beside the
 * reference of `release/reference.ts` in the same run. Each act brings its own connection and TLS handshake, as a partner's
 * command does; over HTTPS the same acts on kept connections are shown too. Rounds are interleaved, so a slow minute slows both.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { makeCertificate } from '@gatehouse/runtime/base/certificate'
import { must } from '@gatehouse/sdk/client'
import { Agent, request } from 'undici'
import { type NodeProcess, root, startNode } from '../test/e2e/node.ts'
import { addPartner, importPeople, officer, type Partner, policyDocument, publishPolicy, purpose, recordType } from '../test/e2e/scenario.ts'
import { median, report } from './report.ts'

const partners = 16
const subjects = 800
const rounds = 5
const actsPerRound = 1_600

interface Measured {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

// The node's certificate is its own; what is measured is the handshake, not whom it trusts.
const tls = { rejectUnauthorized: false }
/** A connection and a full handshake for each request. */
const fresh = new Agent({ connections: partners, pipelining: 0, maxCachedSessions: 0, connect: tls })
const kept = new Agent({ connections: partners, pipelining: 1, connect: tls })
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'

async function post(agent: Agent, url: string, body: object, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const answer = await request(url, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = (await answer.body.json()) as Record<string, unknown>
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${JSON.stringify(text)}`)
  return text
}

function line(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, minVersion: 'TLSv1.3' }, () => socket.write(`${text}\n`))
    let answer = ''
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
    })
    socket.once('error', reject)
    socket.once('end', () => {
      socket.end()
      answer.startsWith('GATEHOUSE/1 200') ? resolve(answer) : reject(new Error(answer.slice(0, 200)))
    })
  })
}

/** Every partner does its share, one act after the other. */
async function load(act: (partner: number, turn: number) => Promise<unknown>): Promise<Measured> {
  const times: number[] = []
  const started = performance.now()
  await Promise.all(
    Array.from({ length: partners }, async (_, partner) => {
      for (let turn = 0; turn < actsPerRound / partners; turn++) {
        const before = performance.now()
        await act(partner, turn)
        times.push(performance.now() - before)
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  times.sort((left, right) => left - right)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] as number
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) }
}

async function arrange(node: NodeProcess): Promise<Partner[]> {
  const rows = Array.from(
    { length: subjects },
    (_, i) => `C${i},Given${i},Family${i},person${i}@example.org,19${String(10 + (i % 80))}-0${1 + (i % 9)}-1${i % 10},${20_000 + i * 10}`,
  )
  await importPeople(node, ['customer_id,given_name,family_name,email,date_of_birth,annual_income', ...rows].join('\n'))
  const second = await officer(node)
  await publishPolicy(node, second, policyDocument('bench', '*'))
  const consents = Array.from({ length: subjects }, (_, i) => ({
    user_id: `C${i}`,
    purposes: [purpose],
    recipients: ['*'],
    data_classes: [recordType],
    method: 'paper',
  }))
  must(await node.operator.POST('/v1/consents/import', { body: { consents } as never }))
  const made: Partner[] = []
  for (let i = 0; i < partners; i++) made.push(await addPartner(node, `partner-${i}`))
  return made
}

function startReference(node: NodeProcess): Promise<{ http: number; socket: number; stop: () => void }> {
  const connection = { host: join(node.home, 'postgres/run'), user: 'gatehouse', database: 'gatehouse' }
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', 'bench/release/reference.ts'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify({ connection, tls: { cert: own.cert, key: own.key }, grantBytes: 1_400, entryBytes: 900, eventBytes: 350 }))
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the reference ended')))
    child.stdout.once('data', (chunk: Buffer) => resolve({ ...(JSON.parse(chunk.toString()) as { http: number; socket: number }), stop: () => child.kill() }))
  })
}

const own = await makeCertificate(['127.0.0.1', 'localhost'], Date.now())
const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
await writeFile(join(folder, 'cert.pem'), own.cert)
await writeFile(join(folder, 'key.pem'), own.key, { mode: 0o600 })
const node = await startNode({ environment: { GATEHOUSE_TLS_CERT: join(folder, 'cert.pem'), GATEHOUSE_TLS_KEY: join(folder, 'key.pem') } })
try {
  const who = await arrange(node)
  const reference = await startReference(node)
  let tokens: string[] = []
  let subject = 0
  const authorize = (agent: Agent) => async (partner: number) => {
    const { key, reference: name } = who[partner] as Partner
    const answer = await post(
      agent,
      `${node.origin}/v1/authorize`,
      { partner_id: name, user_id: `C${subject++ % subjects}`, purpose },
      { authorization: `Bearer ${key}` },
    )
    tokens.push(answer.token as string)
  }
  const take = () => tokens.pop() as string
  const refer = (agent: Agent) => () => post(agent, `https://127.0.0.1:${reference.http}/reference`, {})
  const redeem = (agent: Agent) => () => post(agent, `${node.origin}/v1/redeem`, { token: take() })
  const flows: Record<string, (partner: number, turn: number) => Promise<unknown>> = {
    'reference, HTTPS': refer(fresh),
    'authorize, HTTPS': authorize(fresh),
    'redeem, HTTPS': redeem(fresh),
    'reference, kept HTTPS': refer(kept),
    'authorize, kept HTTPS': authorize(kept),
    'redeem, kept HTTPS': redeem(kept),
    'reference, socket': () => line(reference.socket, 'x'.repeat(47)),
    'redeem, socket': () => line(node.exchangePort, take()),
  }
  const measured = new Map<string, Measured[]>(Object.keys(flows).map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    tokens = []
    for (const [name, flow] of Object.entries(flows)) {
      if (name === 'redeem, socket') await load(authorize(kept))
      const result = await load(flow)
      // The first round warms up caches, plans and the compiler.
      if (round >= 0) measured.get(name)?.push(result)
    }
    console.error(round < 0 ? 'warmed up' : `round ${round + 1} of ${rounds}`)
  }
  const of = (name: string) => measured.get(name) ?? []
  const ratio = (name: string, base: string) => Number(median(of(name).map((result, i) => result.perSecond / (of(base)[i] as Measured).perSecond)).toFixed(3))
  const p99 = (name: string) => Number(median(of(name).map((result) => result.p99)).toFixed(1))
  reference.stop()
  report(
    'release',
    Object.keys(flows).map((name) => ({
      flow: name,
      'acts/s': Math.round(median(of(name).map((result) => result.perSecond))),
      'p50 ms': Number(median(of(name).map((result) => result.p50)).toFixed(1)),
      'p99 ms': p99(name),
    })),
    [
      { name: 'authorize / reference, HTTPS', value: ratio('authorize, HTTPS', 'reference, HTTPS'), unit: 'ratio', bound: { min: 0.5 } },
      { name: 'redeem / reference, HTTPS', value: ratio('redeem, HTTPS', 'reference, HTTPS'), unit: 'ratio', bound: { min: 0.4 } },
      { name: 'redeem / reference, socket', value: ratio('redeem, socket', 'reference, socket'), unit: 'ratio', bound: { min: 0.4 } },
    ],
  )
} finally {
  await Promise.all([fresh.close(), kept.close()])
  await node.remove()
}
