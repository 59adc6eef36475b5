/** Writes evidence bundles with the writer's own libraries: the oracle of the verifier's tests, never used by the verifier. */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toBase64, toBase64url, toHex, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives, nodeSigner } from '@gatehouse/crypto/node'
import { signIn } from '@gatehouse/crypto/signature'
import { signCheckpoint } from '@gatehouse/transparency/checkpoint'
import { leafHash } from '@gatehouse/transparency/merkle'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { inclusionProof } from '@gatehouse/transparency/proof'
import { appendLeaves, emptyTree } from '@gatehouse/transparency/tile'

const { sha256 } = nodePrimitives
export const origin = 'gatehouse.example/t/one'
export const logSigner = nodeSigner(new Uint8Array(32).fill(1))
export const vaultSigner = nodeSigner(new Uint8Array(32).fill(2))
const strangerSigner = nodeSigner(new Uint8Array(32).fill(3))

const keyLine = (name: string, publicKey: Uint8Array) => formatNoteKey(noteKey(sha256, name, publicKey))
export const logKey = keyLine(origin, logSigner.publicKey)
export const vaultKey = keyLine(`${origin}/vault`, vaultSigner.publicKey)
export const keyFile = `# keys of the example\n${logKey}\n\n${vaultKey}\n`
export const strangersKeyFile = `${keyLine(origin, strangerSigner.publicKey)}\n${vaultKey}\n`

export const uuid = (kind: number, number: number) => `0198c1de-7b3a-7c4d-8e5f-${String(kind).padStart(4, '0')}${String(number).padStart(8, '0')}`
const instant = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const hashOf = (value: unknown) => toHex(sha256(utf8(canonicalJson(value))))

export interface Size {
  readonly subjects: number
  readonly blocks: number
  readonly noise: number
}

/** Two logged heads for each chain, one document of each kind, and foreign entries in between that stay out of the bundle. */
export function writeBundle({ subjects, blocks, noise }: Size) {
  const chains = Array.from({ length: subjects }, (_, at) => ({ subject: uuid(1, at), blocks: writeChain(at, blocks) }))
  const documents = ['policy', 'consent'].map((kind, at) => {
    const document = { id: uuid(5, at), title: `A ${kind} – Ünïcode`, limits: { ttl_seconds: 300, ratio: 0.5 }, purposes: ['care', 'research'] }
    return { kind, id: document.id, version: at + 1, digest: hashOf(document), document }
  })
  const tied = Object.fromEntries(
    documents.flatMap(({ kind, version, digest }) => [
      [`${kind}_digest`, digest],
      [`${kind}_version`, version],
    ]),
  )
  const included = [
    { type: 'vault.head', details: { heads: chains.map((chain) => ({ subject: chain.subject, head: hashOf(chain.blocks[0]), blocks: 1 })) } },
    {
      type: 'vault.head',
      details: { heads: chains.map((chain) => ({ subject: chain.subject, head: hashOf(chain.blocks.at(-1)), blocks: chain.blocks.length })) },
    },
    { type: 'release.redeem', decision: 'permit', subject_c: 'ab'.repeat(32), details: { ...tied, fields: 3 } },
  ]
  const indices: number[] = []
  const bodies: Uint8Array[] = []
  for (const entry of included) {
    for (let at = 0; at < noise; at++) bodies.push(writeEntry(bodies.length, { type: 'query.run', details: { rows: at } }))
    indices.push(bodies.length)
    bodies.push(writeEntry(bodies.length, entry))
  }
  const { root, changedTiles } = appendLeaves(
    sha256,
    emptyTree,
    bodies.map((body) => leafHash(sha256, body)),
  )
  const read = (level: number, index: number) => changedTiles.find((tile) => tile.level === level && tile.index === index)!.hashes
  return {
    format: 'gatehouse-evidence/v1',
    created: instant(3600),
    origin,
    log: {
      checkpoint: signCheckpoint(sha256, { origin, size: bodies.length, root }, logSigner),
      entries: indices.map((index) => ({ index, body: toBase64(bodies[index]!), proof: inclusionProof(sha256, index, bodies.length, read).map(toBase64) })),
    },
    vault: { chains },
    documents,
    story: indices.map((entry) => ({ text: `This happened as entry ${entry}.`, entry })),
  }
}

function writeEntry(number: number, more: object): Uint8Array {
  return utf8(
    canonicalJson({ v: 1, id: uuid(2, number), stream: 'audit', at: instant(number), actor: { kind: 'user', id: uuid(3, 0) }, tenant: uuid(4, 0), ...more }),
  )
}

export function writeChain(subject: number, length: number) {
  const blocks: ReturnType<typeof writeBlock>[] = []
  for (let at = 0; at < length; at++) blocks.push(writeBlock(subject, at, blocks.at(-1)))
  return blocks
}

function writeBlock(subject: number, number: number, previous: object | undefined) {
  const data = new Uint8Array(80).fill(number)
  const block = {
    block_id: uuid(6, subject * 1000 + number),
    user_id: uuid(1, subject),
    encrypted_data: toBase64url(data),
    data_hash: toHex(sha256(data)),
    previous_hash: previous === undefined ? '0'.repeat(64) : hashOf(previous),
    timestamp: instant(number),
  }
  return { ...block, signature: toBase64(signIn(vaultSigner, 'gatehouse/vault/block/v1', canonicalJson(block))) }
}
