/** The review desk by commands alone, each typed as a person would, with the key of that person, against a real node. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NodeProcess, startInCluster } from './node.ts'
import { typed } from './program.ts'
import { member } from './scenario.ts'

let node: NodeProcess
let folder: string
const keys: Record<string, string> = {}
const ids: Record<string, string> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-desk-'))
  node = await startInCluster()
  const panels = [{ kind: 'role' as const, id: 'administrator', quorum: 1 }]
  const rule = { params: { path: { kind: 'data_disclosure' as const } }, body: { panels, deadline_days: 30, demanded: true } }
  for (const name of ['ada', 'ben', 'cy']) {
    // Keys of one's own are made by administrators, for themselves.
    const client = await member(node, 'administrator', `${name}@example.org`)
    await client.PUT('/v1/review-rules/{kind}', rule)
    const { key } = must(await client.POST('/v1/api-keys', { body: { label: name, expires_in_days: 1 } }))
    keys[name] = join(folder, name)
    await writeFile(join(folder, name), `${key}\n`)
    ids[name] = must(await client.GET('/v1/auth/session')).user?.id ?? ''
  }
})
afterAll(async () => {
  await node?.remove()
  await rm(folder, { recursive: true, force: true })
})

const gatehouse = (...args: string[]) => typed(node.home, args)
const as = (who: string, ...args: string[]) => gatehouse('review', ...args, '--key-file', keys[who] ?? '')
// biome-ignore lint/suspicious/noExplicitAny: answers of every command
async function json(who: string, ...args: string[]): Promise<any> {
  const { code, stdout, stderr } = await as(who, ...args, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

describe('gatehouse review', () => {
  it('says in words what is wrong: a key file that is not there, a vote that does not exist, a machine that votes', async () => {
    const missing = await gatehouse('review', 'list', '--key-file', 'nobody.key')
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^There is no such file: nobody\.key\. Name one that exists/) })
    expect(missing.stderr).not.toContain('ENOENT')
    const words = ['--title', 'T', '--reference', 'R', '--reasons', 'W']
    const machine = await gatehouse('review', 'submit', 'ethics_board', ...words)
    expect(machine.stderr).toContain('an API key of your own')
    expect((await as('ada', 'vote', 'x', 'maybe', '--digest', 'abcdef01')).stderr).toContain('approve, changes, reject')
  })

  it('takes a disclosure from its author to the decision letter, and back again for changes', async () => {
    const submitted = await json(
      'ada',
      'submit',
      'data_disclosure',
      '--title',
      'Counts by month',
      '--reference',
      'plan 41',
      '--reasons',
      'No cell below ten.',
      '--days',
      '5',
    )
    const id = submitted.id as string
    expect((await json('ben', 'list'))[0]).toMatchObject({ id, waits_for: 'vote' })
    const shown = await as('ben', 'show', id)
    expect(shown.stdout).toContain('Counts by month (plan 41)')
    expect((await as('ada', 'vote', id, 'approve', '--digest', submitted.digest)).stderr).toContain('Nobody reviews what they asked for')
    await json('ben', 'comment', id, 'Say over which months.', '--public')
    expect((await as('ben', 'vote', id, 'changes', '--digest', '00000000')).stderr).toContain('something else by now')
    expect((await as('ben', 'vote', id, 'changes', '--digest', submitted.digest.slice(0, 8))).stdout).toContain('returned to its author')
    expect((await as('ada', 'letter', id)).stdout).toContain('- Say over which months.')
    expect(await json('ada', 'resubmit', id)).toMatchObject({ round: 2, state: 'submitted' })
    const handed = await json('ben', 'delegate', ids.cy ?? '', '--until', new Date(Date.now() + 86_400_000).toISOString())
    expect((await as('cy', 'delegate')).stdout).toContain(handed.id)
    expect(await json('cy', 'vote', id, 'approve', '--digest', submitted.digest)).toMatchObject({ state: 'approved' })
    expect(await json('ada', 'letter', id)).toMatchObject({ decision: 'approved', round: 2, said: [] })
    await json('ben', 'delegate', '--end', handed.id)
    expect((await as('ada', 'withdraw', id)).stderr).toContain('The review is not open')
  })

  it('concludes a disagreement by the strictest vote, and takes back what was asked for', async () => {
    const rule = ['rule', 'ethics_board', '--panel', 'role:administrator=2', '--days', '30']
    expect((await as('ben', ...rule)).stdout).toContain('Another person asks for the very same')
    expect((await as('cy', ...rule)).stdout).toContain('The rule is set')
    const { id, digest } = await json('ada', 'submit', 'ethics_board', '--title', 'Protocol', '--reference', 'P-7', '--reasons', 'As filed.')
    await json('ben', 'vote', id, 'approve', '--digest', digest)
    expect((await as('ben', 'conclude', id)).stderr).toContain('Not everybody who is needed has voted')
    expect((await as('cy', 'vote', id, 'reject', '--digest', digest)).stdout).toContain('they differ')
    expect((await as('ben', 'conclude', id)).stdout).toContain('It is rejected')
    const other = await json('ada', 'submit', 'ethics_board', '--title', 'Interim', '--reference', 'M-1', '--reasons', 'Half of the people are in.')
    expect((await as('ada', 'withdraw', other.id)).stdout).toContain('It is withdrawn')
  })
})
