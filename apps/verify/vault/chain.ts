/** The vault's chains: every block whole and signed, every link in place, the end where the log says it is. */
import type { Cryptography } from '../cryptography.ts'
import { fromBase64, fromBase64url, toHex, utf8 } from '../encoding.ts'
import type { Entry } from '../entries.ts'
import { canonical } from '../jcs.ts'
import { Fault } from '../report.ts'
import { base64, count, each, hash, instant, members, object, text1, uuid } from '../shape.ts'

export const genesis = '0'.repeat(64)
const signatureDomain = 'gatehouse/vault/block/v1\n'

export interface Chain {
  readonly subject: string
  readonly blocks: readonly Block[]
}

export interface Block {
  readonly block_id: string
  readonly user_id: string
  readonly encrypted_data: string
  readonly data_hash: string
  readonly previous_hash: string
  readonly timestamp: string
  readonly signature: string
}

export function readChain(value: unknown, place: string): Chain {
  const chain = members(value, place, ['subject', 'blocks'])
  return { subject: uuid(chain.subject, `${place}/subject`), blocks: each(chain.blocks, `${place}/blocks`, readBlock) }
}

export function readBlock(value: unknown, place: string): Block {
  const block = members(value, place, ['block_id', 'user_id', 'encrypted_data', 'data_hash', 'previous_hash', 'timestamp', 'signature'])
  const encrypted = text1(block.encrypted_data, `${place}/encrypted_data`)
  if (fromBase64url(encrypted) === undefined) throw new Fault(`${place}/encrypted_data`, 'not base64url without padding')
  base64(block.signature, `${place}/signature`, 64)
  return {
    block_id: uuid(block.block_id, `${place}/block_id`),
    user_id: uuid(block.user_id, `${place}/user_id`),
    encrypted_data: encrypted,
    data_hash: hash(block.data_hash, `${place}/data_hash`),
    previous_hash: hash(block.previous_hash, `${place}/previous_hash`),
    timestamp: instant(block.timestamp, `${place}/timestamp`),
    signature: text1(block.signature, `${place}/signature`),
  }
}

export interface LoggedHead {
  readonly subject: string
  readonly head: string
  readonly blocks: number
  readonly entry: number
}

/** The heads that `vault.head` entries state, in the order of the log. */
export function loggedHeads(entries: readonly Entry[]): LoggedHead[] {
  return entries
    .filter((entry) => entry.type === 'vault.head' && entry.details.heads !== undefined)
    .flatMap((entry) =>
      each(entry.details.heads, `${entry.place}/body`, (value) => {
        const place = `${entry.place}/body`
        const stated = object(value, place)
        return { subject: uuid(stated.subject, place), head: hash(stated.head, place), blocks: count(stated.blocks, place), entry: entry.index }
      }),
    )
}

/** @throws Fault with the place of the first fault of this chain */
export async function checkChain(
  chain: Chain,
  place: string,
  publicKeys: readonly Uint8Array[],
  heads: readonly LoggedHead[],
  cryptography: Cryptography,
): Promise<void> {
  const hashes = [genesis]
  for (const [at, block] of chain.blocks.entries()) {
    const here = `${place}/blocks/${at}`
    if (block.user_id !== chain.subject) throw new Fault(`${here}/user_id`, 'the block belongs to another subject')
    await checkBlock(block, here, publicKeys, cryptography)
    if (block.previous_hash !== hashes[at])
      throw new Fault(`${here}/previous_hash`, at === 0 ? 'the chain does not begin with its first block' : 'the block does not follow the one before it')
    hashes.push(toHex(await cryptography.sha256(utf8(canonical(block)))))
  }
  const own = heads.filter((head) => head.subject === chain.subject)
  const latest = own.at(-1)
  if (latest === undefined) throw new Fault(place, 'no included entry states the head of this chain, so a cut end would not show')
  for (const { head, blocks, entry } of own) {
    if (blocks > chain.blocks.length)
      throw new Fault(place, `entry ${entry} states ${blocks} blocks, the chain has ${chain.blocks.length}: its end was cut off`)
    if (hashes[blocks] !== head) throw new Fault(place, `after ${blocks} blocks the chain has another head than entry ${entry} states`)
  }
  if (latest.blocks !== chain.blocks.length) throw new Fault(`${place}/blocks/${latest.blocks}`, `the log states ${latest.blocks} blocks, the chain has more`)
}

/** Its data has its hash, and a key of the vault signed it. @throws Fault */
export async function checkBlock(block: Block, place: string, publicKeys: readonly Uint8Array[], cryptography: Cryptography): Promise<void> {
  const { signature, ...signed } = block
  const data = fromBase64url(block.encrypted_data) as Uint8Array
  if (toHex(await cryptography.sha256(data)) !== block.data_hash)
    throw new Fault(`${place}/data_hash`, 'the hash is not that of encrypted_data: one of them was changed')
  const message = utf8(signatureDomain + canonical(signed))
  for (const publicKey of publicKeys) {
    if (await cryptography.verifyEd25519(publicKey, message, fromBase64(signature) as Uint8Array)) return
  }
  throw new Fault(`${place}/signature`, 'the signature is wrong: the block was changed or forged')
}
