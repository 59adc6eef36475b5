/** One proven entry as an evidence bundle (docs/reference/evidence-bundle.md), which `gatehouse-verify` checks without the node. */

interface Proof {
  readonly index: number
  readonly body: string
  readonly proof: readonly string[]
  readonly checkpoint: string
}

/** @param told what happened, in the reader's words; proven by nothing @param created the present, as an instant */
export function bundleOf({ index, body, proof, checkpoint }: Proof, origin: string, told: string, created: string) {
  return {
    format: 'gatehouse-evidence/v1',
    created,
    origin,
    log: { checkpoint, entries: [{ index, body, proof }] },
    vault: { chains: [] },
    documents: [],
    story: [{ text: told, entry: index }],
  }
}
