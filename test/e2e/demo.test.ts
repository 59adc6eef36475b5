/**
 * The command as people run it: a real process, a real temporary node, real TLS. The examples of the exchange protocol redeem
 * against the same protocol with OpenSSL and Python, which share no code with the node.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTemporaryNode, type TemporaryNode } from '../../apps/cli/node/temporary.ts'
import { programOf } from './program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-e2e-'))
const nowhere = join(folder, 'no-node-here')
const limitMs = 180_000

interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(program: string, args: readonly string[], home = nowhere): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: folder, env: { ...process.env, GATEHOUSE_HOME: home } })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (text) => {
      stdout += text
    })
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.once('close', (status) => resolve({ status, stdout, stderr }))
  })
}

const gatehouse = (args: readonly string[], home?: string) => run(process.execPath, [...programOf('cli'), ...args], home)

const has = (program: string) => spawnSync(program, ['-h'], { stdio: 'ignore' }).error === undefined

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('gatehouse without a node', () => {
  it('says how to start one', async () => {
    const { status, stdout, stderr } = await gatehouse(['status'])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('npm start')
  })

  it('refuses what it cannot read before it starts anything', async () => {
    writeFileSync(join(folder, 'empty.csv'), 'id,name\n')
    expect((await gatehouse(['import', 'missing.csv'])).stderr).toContain('There is no such file: missing.csv')
    expect((await gatehouse(['import', 'empty.csv'])).stderr).toContain('it holds no row')
  })

  it('proposes a mapping without any value of the file in it', async () => {
    writeFileSync(join(folder, 'small.csv'), 'customer_id,name,note\nC1,Quillon Vashti,rare words\nC2,Ada Example,\n')
    const { status, stdout } = await gatehouse(['import', 'small.csv', '--propose', '--record-type', 'customer', '--drop', 'note'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ record_type: 'customer', subject: 'customer_id', drop: ['note'] })
    expect(stdout).not.toMatch(/Quillon|rare/)
  })

  it('tells the ports of the node, and that it connects to nowhere', async () => {
    const { stdout } = await gatehouse(['egress', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      outward: [],
      inward: [
        { host: '127.0.0.1', port: 5000, why: 'portal and API' },
        { host: '127.0.0.1', port: 9999, why: 'exchange (TLS 1.3)' },
      ],
    })
  })
})

describe('gatehouse demo', () => {
  it(
    'does the whole job on a node of its own, checks each claim, and leaves evidence that verifies offline',
    async () => {
      const { status, stdout, stderr } = await gatehouse(['demo', '--people', '200', '--json', '--out', 'proof'])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      const figures = JSON.parse(stdout) as { ok: boolean; claims: { claim: string; ok: boolean }[] }
      expect(figures).toMatchObject({
        ok: true,
        temporary_node: true,
        people: 200,
        import: { read: 200, imported: 200, rejected: 0 },
        consents: { recorded: 180 },
        ledger: { by_act: { 'release.authorize permit': 2, 'release.authorize deny': 3, 'release.redeem permit': 1, 'release.redeem deny': 3 } },
      })
      expect(figures.claims.length).toBeGreaterThan(20)
      expect(figures.claims.filter(({ ok }) => !ok)).toEqual([])
      // Keys and tokens begin with these letters; none is ever printed.
      expect(stdout).not.toMatch(/gh[a-z0-9]_[A-Za-z0-9_-]{10}|PRIVATE KEY/)

      const good = await gatehouse(['verify', 'proof/evidence.json', '--key', 'proof/keys.txt'])
      expect(good.status).toBe(0)
      const bad = await gatehouse(['verify', 'proof/evidence-altered.json', '--key', 'proof/keys.txt', '--json'])
      expect(bad.status).toBe(1)
      expect(JSON.parse(bad.stdout).checks.find(({ verdict }: { verdict: string }) => verdict === 'bad').place).toMatch(/^\/vault\/chains\/0\/blocks\/0/)
      writeFileSync(join(folder, 'no-keys.txt'), '# none\n')
      expect((await gatehouse(['verify', 'proof/evidence.json', '--key', 'no-keys.txt'])).status).toBe(2)
      // The evidence proves the record without showing it.
      expect(readFileSync(join(folder, 'proof/evidence.json'), 'utf8')).not.toContain('C0000001')
    },
    limitMs,
  )
})

describe('gatehouse demo plan', () => {
  it(
    'links a database and a file, treats them, has them approved, reviewed and released, and checks each claim',
    async () => {
      const { status, stdout, stderr } = await gatehouse(['demo', 'plan', '--patients', '400', '--json', '--to', 'plan-proof'])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      const figures = JSON.parse(stdout) as { ok: boolean; claims: { claim: string; ok: boolean }[]; risk_after: { prosecutor_highest: number } }
      expect(figures).toMatchObject({ ok: true, patients: 400 })
      expect(figures.claims.length).toBeGreaterThan(20)
      expect(figures.claims.filter(({ ok }) => !ok)).toEqual([])
      expect(figures.risk_after.prosecutor_highest).toBeLessThanOrEqual(0.1)
      expect(stdout).not.toMatch(/gh[a-z0-9]_[A-Za-z0-9_-]{10}|P000\d{4}/)
      const result = readFileSync(join(folder, 'plan-proof/result.json'), 'utf8')
      expect(result).not.toMatch(/Name\d|P000\d{4}/)
    },
    limitMs,
  )
})

describe('a node that is running', () => {
  let node: TemporaryNode
  const say = (args: readonly string[]) => gatehouse([...args, '--json'], node.connection.home)
  const done = async <T>(args: readonly string[]): Promise<T> => {
    const { status, stdout, stderr } = await say(args)
    expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: '' })
    return JSON.parse(stdout) as T
  }

  beforeAll(async () => {
    node = await startTemporaryNode(() => {}, AbortSignal.timeout(limitMs))
  }, limitMs)
  afterAll(() => node?.stop(), 60_000)

  it('keeps the good rows of a file and hands the others back with line and reason', async () => {
    writeFileSync(join(folder, 'mixed.csv'), 'customer_id,born\nC1,1980-01-31\nC2,1980-02-31\nC3,1990-05-05\n')
    writeFileSync(
      join(folder, 'mapping.json'),
      JSON.stringify({ record_type: 'customer', subject: 'customer_id', fields: { born: { type: 'date', semantic: 'date_of_birth' } } }),
    )
    const counts = await done(['import', 'mixed.csv', '--mapping', 'mapping.json', '--rejects', 'rejects.csv'])
    expect(counts).toMatchObject({ read: 3, imported: 2, rejected: 1, subjects: 2 })
    expect(readFileSync(join(folder, 'rejects.csv'), 'utf8')).toMatch(/^line,column,reason,original\r\n3,born,[^\r]+,"C2,1980-02-31"\r\n$/)
    expect(await done(['import', 'mixed.csv', '--mapping', 'mapping.json'])).toMatchObject({ imported: 0, repeated: 2, rejected: 1 })
  })

  it(
    'is used by the demo, again and again',
    async () => {
      for (const out of ['first', 'second']) expect(await done(['demo', '--people', '40', '--out', out])).toMatchObject({ ok: true, temporary_node: false })
      const users = await done<{ status: string }[]>(['users'])
      expect(users.map(({ status }) => status)).toEqual(['disabled', 'disabled'])
    },
    limitMs,
  )

  describe('redeemed by strangers’ programs', () => {
    let key: string
    const certificate = ['own.crt', 'own.key']

    beforeAll(async () => {
      const { partner } = await done<{ partner: string }>(['demo', '--people', '40', '--out', 'third'])
      key = (await done<{ key: string }>(['api-key', 'issue', partner])).key
      await done(['partner', 'key', 'new', partner, '--out', 'own'])
      reference = partner
    }, limitMs)
    let reference: string

    const token = async (user: string) => {
      const purpose = 'sector-finance:LoanServiceProvision'
      return (
        await done<{ token: string }>(['authorize', '--partner', reference, '--key', key, '--user', user, '--purpose', purpose, '--record-type', 'demo_person'])
      ).token
    }
    const redeemWith = async (program: string, script: string, user: string, own: readonly string[], fingerprint?: string) => {
      const { exchange } = node.connection.credential
      if (exchange === undefined) throw new Error('the node has no exchange')
      return run(program, [
        join(root, 'examples', script),
        exchange.host,
        String(exchange.port),
        await token(user),
        fingerprint ?? exchange.fingerprint,
        ...own,
      ])
    }

    for (const [program, script, needs] of [
      ['python3', 'redeem.py', ['python3']],
      ['sh', 'redeem.sh', ['sh', 'openssl']],
    ] as const) {
      const absent = needs.filter((name) => !has(name))
      describe.skipIf(absent.length > 0)(`${script}${absent.length > 0 ? ` (${absent.join(', ')} is not installed here)` : ''}`, () => {
        it('sends nothing to an exchange with another certificate', async () => {
          const { status, stderr } = await redeemWith(program, script, 'C0000003', certificate, 'AA:'.repeat(31).concat('AA'))
          expect(status).toBe(1)
          expect(stderr).toContain('another certificate')
        })

        it('is refused without the receiver’s certificate', async () => {
          const { status, stdout, stderr } = await redeemWith(program, script, 'C0000004', [])
          expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
          expect(stderr).toContain('The token is not accepted')
        })

        it('receives the masked record with it', async () => {
          const { status, stdout } = await redeemWith(program, script, 'C0000005', certificate)
          expect(status).toBe(0)
          const record = JSON.parse(stdout) as Record<string, string>
          expect(record.date_of_birth).toMatch(/^\d{4}$/)
          expect(record.national_health_number).toMatch(/^\*{6}\d{4}$/)
        })
      })
    }
  })
})
