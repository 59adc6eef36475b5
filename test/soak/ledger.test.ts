/** The log of two processes that are killed at two hundred random points, they or their database; and of a copy of it that signs nothing. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inspect } from '../e2e/database.ts'
import { contradictions, killAtRandom, nothingContradicted, type Pair, settled, standing, startPair } from '../e2e/killed.ts'
import { faults } from '../e2e/log.ts'
import { until } from '../e2e/node.ts'

const points = 200
const msMax = 1_200

let pair: Pair

beforeAll(async () => {
  pair = await startPair()
}, 1_200_000)
afterAll(() => pair?.remove())

it(`loses and forks nothing when nodes and database are killed at ${points} random points`, async () => {
  await killAtRandom(pair, points, msMax)
  // The key of an operator is that of the process that started last.
  await pair.kill(1)
  await settled(pair.nodes[1])
  expect(await contradictions([pair.superuser()], pair.seen)).toEqual(nothingContradicted)
  expect(pair.seen.acknowledged.size).toBeGreaterThan(points)
  expect(pair.seen.shown.size).toBeGreaterThan(points / 4)
  expect(await faults(pair.nodes[1].operator)).toEqual([])
}, 7_200_000)

it('an old copy of the database, run beside the one it was taken of, signs nothing', async () => {
  await pair.nodes[0].kill()
  await pair.nodes[1].kill()
  await inspect({ ...pair.superuser(), database: 'postgres' }, `CREATE DATABASE old TEMPLATE ${pair.superuser().database} OWNER gatehouse`)
  await pair.kill(1)
  const [, ahead] = pair.nodes
  await pair.use([ahead], () => pause(msMax))
  await settled(ahead)
  const copy = await pair.beside('old')
  const acknowledged = new Set(pair.seen.acknowledged)
  await pair.use([ahead, copy], () => until(async () => (await standing(copy)).state === 'behind', 600_000))
  await settled(ahead)
  expect((await standing(copy)).size).toBeLessThan((await standing(ahead)).size)
  expect(await faults(ahead.operator)).toEqual([])
  // What the copy took in waits there for a successor of the log; it is signed nowhere.
  const { lost, ...rest } = await contradictions([pair.superuser(), { ...pair.superuser(), database: 'old' }], pair.seen)
  expect(rest).toEqual({ gaps: 0, doubles: 0, contradicted: [], odd: [] })
  expect(lost.filter((id) => acknowledged.has(id))).toEqual([])
}, 1_800_000)
