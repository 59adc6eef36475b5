/** Writes a log of any size with the writer's own libraries, and its proofs. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toBase64, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import type { Signer } from '@gatehouse/crypto/primitives'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { leafHash } from '@gatehouse/transparency/merkle'
import { consistencyProof, inclusionProof } from '@gatehouse/transparency/proof'
import { appendLeaves, emptyTree } from '@gatehouse/transparency/tile'
import { logKey, logSigner, origin, strangersKeyFile, uuid } from './write-bundle.ts'

const { sha256 } = nodePrimitives

/** The log's name and key, and a stranger's key under the same name. */
export const logKeys = { origin, key: logKey, strangers: strangersKeyFile.split('\n')[0] ?? '' }

export function entryOf(number: number) {
  return {
    v: 1,
    id: uuid(2, number),
    stream: 'audit',
    type: 'query.run',
    at: new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString(),
    actor: { kind: 'user', id: uuid(3, 0) },
    tenant: uuid(4, 0),
    // Not every act has details.
    ...(number % 2 === 0 ? { details: { rows: number } } : {}),
  }
}

/** @param first the number that the first entry bears: another one gives another log of the same key */
export function writeLog(size: number, first = 0, signer = logSigner) {
  return writeLogOver(
    Array.from({ length: size }, (_, at) => utf8(canonicalJson(entryOf(first + at)))),
    signer,
  )
}

export function writeLogOver(bodies: readonly Uint8Array[], ...signers: Signer[]) {
  const size = bodies.length
  const { root, changedTiles } = appendLeaves(
    sha256,
    emptyTree,
    bodies.map((body) => leafHash(sha256, body)),
  )
  const read = (level: number, index: number) => changedTiles.find((tile) => tile.level === level && tile.index === index)!.hashes
  const checkpoint = signCheckpoint(sha256, { origin, size, root }, ...signers)
  return {
    checkpoint,
    inclusion: (index: number) => ({
      index,
      body: toBase64(bodies[index]!),
      proof: inclusionProof(sha256, index, size, read).map(toBase64),
      checkpoint,
    }),
    consistency: (from: number) => consistencyProof(sha256, from, size, read).map(toBase64),
  }
}
