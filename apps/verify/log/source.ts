/** Where a log's files come from: a folder, an address, or a page's own server. */

export interface LogSource {
  /** As the reader named it. */
  readonly name: string
  /**
   * The whole file, `undefined` where there is none.
   * @throws CannotTell where it cannot be fetched, Fault where it is larger than allowed
   */
  read(path: string, bytesMax: number): Promise<Uint8Array | undefined>
}
