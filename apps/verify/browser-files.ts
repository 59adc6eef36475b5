/** What somebody drops on a page: finds out what each file is, and checks it as the command would. Nothing leaves the page. */
import { bundleBytesMax } from './bundle/read.ts'
import { verifyBundle } from './bundle/verify.ts'
import { noWitnesses } from './checkpoint.ts'
import { verifyConsistency } from './consistency/verify.ts'
import type { Cryptography } from './cryptography.ts'
import { utf8Text } from './encoding.ts'
import { verifyErasure } from './erasure/verify.ts'
import { readKeys } from './keys.ts'
import type { LogSource } from './log/source.ts'
import { checkpointPath } from './log/verify.ts'
import { verifyProof } from './proof/verify.ts'
import { CannotTell, judge, type Report } from './report.ts'

export interface DroppedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export type FileKind = 'bundle' | 'erasure' | 'proof' | 'checkpoint' | 'unknown'

export function kindOf({ bytes }: DroppedFile): FileKind {
  const text = utf8Text(bytes.subarray(0, 4096)) ?? utf8Text(bytes.subarray(0, 4093)) ?? ''
  if (text.startsWith('c2sp.org/tlog-proof@')) return 'proof'
  if (/^\s*\{/.test(text))
    return /"format"\s*:\s*"gatehouse-erasure\//.test(text) ? 'erasure' : /"format"\s*:\s*"gatehouse-evidence\//.test(text) ? 'bundle' : 'unknown'
  return text.includes('\n\n— ') ? 'checkpoint' : 'unknown'
}

export interface FileQuestion {
  readonly file: DroppedFile
  /** The other files that were dropped with it: a proof needs its entry. */
  readonly beside: readonly DroppedFile[]
  readonly keyText: string
  /** The published log, which a checkpoint is held against. */
  readonly log: LogSource
  readonly cryptography: Cryptography
}

export function checkFile({ file, beside, keyText, log, cryptography }: FileQuestion): Promise<Report> {
  if (file.bytes.length > bundleBytesMax) return judge(() => Promise.reject(new CannotTell(`the file is larger than ${bundleBytesMax} bytes`)))
  const text = utf8Text(file.bytes) ?? ''
  const kind = kindOf(file)
  if (kind === 'bundle') return verifyBundle(text, keyText, cryptography)
  return judge(async (run) => {
    const common = { keys: await readKeys(keyText, cryptography), policy: noWitnesses, cryptography }
    if (kind === 'erasure') await verifyErasure(run, { ...common, certificate: text })
    else if (kind === 'proof') {
      const entries = beside.filter((other) => kindOf(other) === 'unknown')
      if (entries.length !== 1) throw new CannotTell('drop the proof together with the one entry that it is of')
      await verifyProof(run, { ...common, proof: text, entry: (entries[0] as DroppedFile).bytes })
    } else if (kind === 'checkpoint') {
      const note = await log.read(checkpointPath, 64 * 1024)
      if (note === undefined) throw new CannotTell('the log is not published, so there is nothing to hold the checkpoint against')
      await verifyConsistency(run, {
        ...common,
        earlier: { name: file.name, note: text },
        later: { name: 'the published checkpoint', note: utf8Text(note) ?? '' },
        by: { log },
      })
    } else throw new CannotTell('this is no evidence bundle, proof, checkpoint or certificate of erasure')
  })
}
