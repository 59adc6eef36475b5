/** Writes a log as files (C2SP tlog-tiles) with the writer's own libraries: the oracle of the verifier's tests. */

import { canonicalJson } from '@gatehouse/core/canonical-json'
import { utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import type { Signer } from '@gatehouse/crypto/primitives'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { leafHash } from '@gatehouse/transparency/merkle'
import { appendLeaves, emptyTree, entriesPath, tilePath, tileWidth } from '@gatehouse/transparency/tile'
import type { LogSource } from '../log/source.ts'
import { logSigner, origin } from './write-bundle.ts'
import { entryOf } from './write-log.ts'

const { sha256 } = nodePrimitives

export type Files = Map<string, Uint8Array>

export function gatehouseEntries(size: number, first = 0): Uint8Array[] {
  return Array.from({ length: size }, (_, at) => utf8(canonicalJson(entryOf(first + at))))
}

/** The files of a log over these bodies, and the root of each size that is asked for. */
export function writeTiles(bodies: readonly Uint8Array[], ...signers: Signer[]): Files {
  const { root, changedTiles } = appendLeaves(
    sha256,
    emptyTree,
    bodies.map((body) => leafHash(sha256, body)),
  )
  const files: Files = new Map()
  for (const tile of changedTiles) files.set(tilePath(tile), Uint8Array.from(tile.hashes))
  for (let index = 0; index * tileWidth < bodies.length; index++) {
    const some = bodies.slice(index * tileWidth, (index + 1) * tileWidth)
    files.set(entriesPath(index, some.length), Buffer.concat(some.flatMap((body) => [Uint8Array.of(body.length >> 8, body.length & 255), body])))
  }
  files.set('checkpoint', utf8(signCheckpoint(sha256, { origin, size: bodies.length, root }, ...(signers.length === 0 ? [logSigner] : signers))))
  return files
}

export function rootOfBodies(bodies: readonly Uint8Array[]): Uint8Array {
  return appendLeaves(
    sha256,
    emptyTree,
    bodies.map((body) => leafHash(sha256, body)),
  ).root
}

export function sourceOf(files: Files): LogSource {
  return { name: 'the log', read: async (path) => files.get(path) }
}
