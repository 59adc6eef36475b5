/**
 * Checks an export of the vault, block by block: each whole and signed, each link in place, each chain as long as the log says.
 * Nothing is opened: a block whose key was destroyed is as whole as any other.
 */
import { readCheckpoint, type WitnessPolicy } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { toHex, utf8 } from '../encoding.ts'
import { canonical } from '../jcs.ts'
import { baseName, type TrustedKey } from '../keys.ts'
import { CannotTell, Fault, type Run } from '../report.ts'
import { members, text1, uuid } from '../shape.ts'
import { checkBlock, genesis, type LoggedHead, readBlock } from './chain.ts'

const formatName = 'gatehouse-vault/v1'

export interface VaultQuestion {
  /** The lines of the export and where each stands. */
  readonly lines: AsyncIterable<{ readonly text: string; readonly place: string }>
  /** What the log states of ends of chains, in its order; `undefined` where no log was given. */
  readonly heads: readonly LoggedHead[] | undefined
  readonly origin: string
  readonly keys: readonly TrustedKey[]
  readonly policy: WitnessPolicy
  readonly cryptography: Cryptography
  /** How many people's erasure the log tells of; `undefined` without a log. */
  readonly erased?: number | undefined
  readonly progress?: (blocks: number) => void
}

interface OpenChain {
  readonly subject: string
  readonly place: string
  /** The hash after each number of blocks that the log speaks of, and the newest one. */
  readonly hashes: Map<number, string>
  head: string
  blocks: number
  broken: boolean
  unreadable: boolean
}

export async function verifyVault(run: Run, question: VaultQuestion): Promise<void> {
  const walk = new VaultWalk(run, question)
  for await (const { text, place } of question.lines) await walk.take(text, place)
  walk.end()
}

class VaultWalk {
  private readonly run: Run
  private readonly question: VaultQuestion
  private readonly publicKeys: readonly Uint8Array[]
  private readonly stated = new Map<string, LoggedHead[]>()
  private readonly done = new Set<string>()
  /** Entries from this one on are newer than the export. */
  private covered: number | undefined
  private only: string | undefined
  private chain: OpenChain | undefined
  private chains = 0
  private blocks = 0
  private unreadable = 0
  private unreadableChains = 0
  private beyond = 0

  constructor(run: Run, question: VaultQuestion) {
    this.run = run
    this.question = question
    const name = `${baseName(question.origin)}/vault`
    this.publicKeys = question.keys.filter((key) => key.name === name).map((key) => key.publicKey)
    if (this.publicKeys.length === 0) throw new CannotTell(`the key file has no key named ${name}, so nobody vouches for the blocks`)
    for (const head of question.heads ?? []) this.stated.set(head.subject, [...(this.stated.get(head.subject) ?? []), head])
  }

  async take(text: string, place: string): Promise<void> {
    const value = parse(text, place)
    if (this.covered === undefined) return this.begin(value, place)
    try {
      await this.takeBlock(value, place)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      if (this.chain !== undefined) this.chain.broken = true
      this.run.note('bad', error.place, error.message)
    }
    this.blocks++
    this.question.progress?.(this.blocks)
  }

  private async begin(value: unknown, place: string): Promise<void> {
    if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== formatName)
      throw new CannotTell(`"format" is not "${formatName}": this verifier reads that format only`, place)
    const head = members(value, place, ['format', 'created', 'checkpoint'], ['subject'])
    const { origin, size, signed } = await readCheckpoint(
      text1(head.checkpoint, place),
      place,
      this.question.keys,
      this.question.policy,
      this.question.cryptography,
    )
    if (origin !== this.question.origin) throw new Fault(place, `the export is of ${origin}, the log of ${this.question.origin}`)
    if (!signed) this.run.note('cannot_tell', place, 'no key in the key file signed the checkpoint of the export')
    this.covered = size
    this.only = head.subject === undefined ? undefined : uuid(head.subject, place)
  }

  private async takeBlock(value: unknown, place: string): Promise<void> {
    const { readable, ...rest } = members(value, place, [
      'block_id',
      'user_id',
      'encrypted_data',
      'data_hash',
      'previous_hash',
      'timestamp',
      'signature',
      'readable',
    ])
    const block = readBlock(rest, place)
    const chain = this.chainOf(block.user_id, place)
    const at = `${place} (block ${chain.blocks + 1} of ${block.user_id})`
    if (readable !== true) {
      if (!chain.unreadable) this.unreadableChains++
      chain.unreadable = true
      this.unreadable++
    }
    const follows = block.previous_hash === chain.head
    chain.head = toHex(await this.question.cryptography.sha256(utf8(canonical(block))))
    chain.blocks++
    if (this.stated.get(chain.subject)?.some(({ blocks }) => blocks === chain.blocks)) chain.hashes.set(chain.blocks, chain.head)
    await checkBlock(block, at, this.publicKeys, this.question.cryptography)
    if (!follows) throw new Fault(at, chain.blocks === 1 ? 'the chain does not begin with its first block' : 'the block does not follow the one before it')
  }

  private chainOf(subject: string, place: string): OpenChain {
    if (this.chain?.subject === subject) return this.chain
    this.closeChain()
    if (this.done.has(subject)) this.run.note('bad', place, `the chain of ${subject} was ended above: its blocks are out of order or doubled`)
    this.done.add(subject)
    this.chains++
    this.chain = { subject, place, hashes: new Map(), head: genesis, blocks: 0, broken: false, unreadable: false }
    return this.chain
  }

  /** A chain with a fault inside has no end worth comparing, unless it ends too early. */
  private closeChain(): void {
    const { chain } = this
    if (chain === undefined || this.question.heads === undefined) return
    const heads = this.stated.get(chain.subject) ?? []
    for (const { head, blocks, entry } of heads) {
      if (blocks > chain.blocks) {
        if (entry < (this.covered ?? 0))
          this.run.note('bad', chain.place, `entry ${entry} states ${blocks} blocks of ${chain.subject}, the export has ${chain.blocks}: its end was cut off`)
      } else if (!chain.broken && chain.hashes.get(blocks) !== head)
        this.run.note('bad', chain.place, `after ${blocks} blocks the chain of ${chain.subject} has another head than entry ${entry} states`)
    }
    if (chain.blocks > Math.max(0, ...heads.map(({ blocks }) => blocks))) this.beyond++
  }

  end(): void {
    this.closeChain()
    if (this.covered === undefined) throw new CannotTell('the export is empty')
    for (const [subject, heads] of this.stated) {
      const wanted = heads.find(({ entry }) => entry < (this.covered ?? 0))
      if (wanted === undefined || this.done.has(subject) || (this.only !== undefined && this.only !== subject)) continue
      this.run.note('bad', '', `entry ${wanted.entry} states ${wanted.blocks} blocks of ${subject}, and the export has none: the whole chain is gone`)
    }
    this.summarise()
  }

  /** The log names an erased person by nothing that could be found again, so it is the numbers that have to agree. */
  private noteUnreadable(erased: number | undefined): void {
    const what = `${this.unreadable} of them are intact, unreadable`
    if (erased === undefined) this.run.note('good', '', `${what}: the keys were destroyed, says the exporter`)
    else if (this.unreadableChains <= erased)
      this.run.note('good', '', `${what}: the keys of ${this.unreadableChains} people; the log tells of ${erased} erased`)
    else
      this.run.note(
        'cannot_tell',
        '',
        `${what}: the keys of ${this.unreadableChains} people are gone, and the log tells of ${erased} erased; an erasure is on its way, or keys were lost`,
      )
  }

  private summarise(): void {
    if (this.run.clean) {
      this.run.note('good', '', `${this.blocks} blocks in ${this.chains} chains are whole, signed, and follow one another`)
      if (this.unreadable > 0) this.noteUnreadable(this.question.erased)
    }
    if (this.question.heads === undefined) this.run.note('cannot_tell', '', 'without the log (--log) the cut end of a chain, or a missing chain, does not show')
    else if (this.beyond > 0)
      this.run.note('cannot_tell', '', `${this.beyond} chains end with blocks that this copy of the log does not state yet: fetch a newer one`)
    else if (this.run.clean) this.run.note('good', '', 'every chain ends where the log says')
  }
}

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault(place, `the line is not JSON: ${(cause as Error).message}`)
  }
}
