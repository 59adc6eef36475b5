/**
 * The independent verifier on a log of a million entries: written here as files with the writer's libraries, checked by the one
 * built file as an auditor runs it. Beside it stands a loop that only hashes the same leaves and nodes.
 */
import { spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { leafHash } from '@gatehouse/transparency/merkle'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { appendLeaves, emptyTree, entriesPath, tilePath, tileWidth } from '@gatehouse/transparency/tile'
import { report } from './report.ts'

const entries = Number(process.env.BENCH_ENTRIES ?? 1_000_000)
const cpuSecondsMax = 30
const memoryMiBMax = 512

const { sha256 } = nodePrimitives
const origin = 'gatehouse/0198c1de-7b3a-7c4d-8e5f-000000000001'
const signer = nodeSigner(new Uint8Array(32).fill(1))
const verifier = fileURLToPath(new URL('../apps/verify/dist/gatehouse-verify.mjs', import.meta.url))

const id = (kind: number, number: number) => `0198c1de-7b3a-7c4d-8e${String(kind).padStart(2, '0')}-${String(number).padStart(12, '0')}`

/** What a release leaves. */
function bodyOf(number: number): Uint8Array {
  return utf8(
    canonicalJson({
      v: 1,
      stream: 'audit',
      id: id(1, number),
      type: 'release.authorize',
      at: new Date(1_790_000_000_000 + number).toISOString(),
      actor: { kind: 'partner', id: id(2, number % 50) },
      tenant: id(3, 1),
      decision: 'permit',
      subject_c: hash('sha256', String(number)),
      partner: id(2, number % 50),
      purpose: 'credit_assessment',
      object: { kind: 'release', id: id(4, number) },
      details: { policy: id(5, 1), version: 3, fields: 7, digest: hash('sha256', `d${number}`) },
      took_ms: number % 9,
    }),
  )
}

/** @returns the bytes of all bodies */
function writeLogTo(folder: string): number {
  const put = (path: string, bytes: Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  let tree = emptyTree
  let root = sha256(new Uint8Array(0))
  let size = 0
  for (let first = 0; first < entries; first += tileWidth) {
    const bodies = Array.from({ length: Math.min(tileWidth, entries - first) }, (_, at) => bodyOf(first + at))
    const appended = appendLeaves(
      sha256,
      tree,
      bodies.map((body) => leafHash(sha256, body)),
    )
    tree = appended.tree
    root = appended.root
    put(entriesPath(first / tileWidth, bodies.length), Buffer.concat(bodies.flatMap((body) => [Uint8Array.of(body.length >> 8, body.length & 255), body])))
    for (const tile of appended.changedTiles) if (tile.width === tileWidth || first + tileWidth >= entries) put(tilePath(tile), tile.hashes)
    size += bodies.reduce((sum, body) => sum + body.length, 0)
  }
  // Tiles that the last batch did not touch are at the edge all the same.
  for (const [level, hashes] of tree.edge.entries())
    if (hashes.length > 0) put(tilePath({ level, index: Math.floor(entries / tileWidth ** (level + 1)), width: hashes.length / 32 }), hashes)
  put('checkpoint', utf8(signCheckpoint(sha256, { origin, size: entries, root }, signer)))
  return size
}

function hashingSeconds(bodyBytes: number): number {
  const leaf = Buffer.alloc(Math.round(bodyBytes / entries) + 1)
  const node = Buffer.alloc(65)
  const start = process.cpuUsage()
  for (let at = 0; at < entries; at++) {
    hash('sha256', leaf, 'buffer')
    hash('sha256', node, 'buffer')
  }
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-verify-'))
try {
  const bodyBytes = writeLogTo(join(folder, 'log'))
  writeFileSync(join(folder, 'keys'), `${formatNoteKey(noteKey(sha256, origin, signer.publicKey))}\n`)
  // The child tells what it used itself: the moment it ends is the moment of most memory and all time.
  const measure = `process.on('exit', () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); console.error(JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, rss: maxRSS / 1024 })) })`
  const start = performance.now()
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(measure)}`, verifier, 'log', join(folder, 'log'), '--key', join(folder, 'keys'), '--no-memory'],
    { encoding: 'utf8' },
  )
  const wall = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`the verifier ended with ${status}: ${stdout}${stderr}`)
  const { cpu, rss } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { cpu: number; rss: number }
  const bare = hashingSeconds(bodyBytes)
  const round = (value: number) => Math.round(value * 10) / 10
  report(
    'verify',
    [
      {
        entries,
        'bytes a body': Math.round(bodyBytes / entries),
        'CPU s': round(cpu),
        'wall s': round(wall),
        MiB: round(rss),
        'bare hashing, CPU s': round(bare),
      },
    ],
    [
      { name: 'CPU time for a million entries', value: round((cpu / entries) * 1e6), unit: 's', bound: { max: cpuSecondsMax } },
      { name: 'memory', value: round(rss), unit: 'MiB', bound: { max: memoryMiBMax } },
    ],
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
