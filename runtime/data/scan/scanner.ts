/** Who looks for malicious software in files. A file that nobody could look through is not taken for clean. */
export interface Scanner {
  readonly kind: string
  /** @throws ScanError when no verdict was reached; it may be tried again */
  scan(body: AsyncIterable<Uint8Array>): Promise<ScanVerdict>
}

export type ScanVerdict = { readonly verdict: 'clean' } | { readonly verdict: 'infected'; readonly signature: string }

export class ScanError extends Error {
  override readonly name = 'ScanError'
}
