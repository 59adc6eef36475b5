/** Whether each block names the one before it, found out here from the hashes that the node tells. Pure. */
interface Linked {
  readonly sequence: number
  readonly previous_hash: string
  readonly block_hash: string
}

const genesis = '0'.repeat(64)

/** `first` for a block whose predecessor is not at hand because the list begins with it. */
export function linksOf(blocks: readonly Linked[]): ('fits' | 'broken' | 'first')[] {
  return blocks.map((block, at) => {
    const before = blocks[at - 1]
    if (before === undefined) return block.sequence > 1 ? 'first' : block.previous_hash === genesis ? 'fits' : 'broken'
    return block.sequence === before.sequence + 1 && block.previous_hash === before.block_hash ? 'fits' : 'broken'
  })
}
