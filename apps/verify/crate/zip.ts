/** Files of a zip that compresses nothing (APPNOTE 6.3, method 0). Whatever two readers could read differently is refused. */
import { utf8Text } from '../encoding.ts'
import { CannotTell, Fault } from '../report.ts'

const [endSignature, centralSignature, localSignature] = [0x06054b50, 0x02014b50, 0x04034b50]
const [endBytes, centralBytes, localBytes] = [22, 46, 30]
const encrypted = 1
const pathForm = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99}\/){1,4}[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** @throws CannotTell for what is no zip of this kind, Fault for one that contradicts itself */
export function filesOf(zip: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  const end = zip.length - endBytes
  if (end < 0 || view.getUint32(end, true) !== endSignature) throw new CannotTell('the file is no zip, or has something behind its end')
  const count = view.getUint16(end + 10, true)
  const [size, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)]
  if (start + size !== end) throw new Fault('', 'the table of contents of the zip does not end where the zip does')
  const files = new Map<string, Uint8Array>()
  let [at, covered] = [start, 0]
  for (let number = 0; number < count; number++) {
    if (at + centralBytes > end || view.getUint32(at, true) !== centralSignature) throw new Fault('', 'the table of contents of the zip is broken')
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
    const [packed, bytes] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)]
    const lengths = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)] as const
    const local = view.getUint32(at + 42, true)
    const path = utf8Text(zip.subarray(at + centralBytes, at + centralBytes + lengths[0])) ?? ''
    if (method !== 0 || (flags & encrypted) !== 0 || packed !== bytes) throw new CannotTell(`${path} is compressed or encrypted: this verifier reads neither`)
    if (!pathForm.test(path)) throw new Fault('', 'a name in the zip leads out of it, or is none that every system takes')
    if (files.has(path)) throw new Fault(path, 'the zip has this file twice')
    if (local + localBytes > start || view.getUint32(local, true) !== localSignature) throw new Fault(path, 'the file is not where the table of contents says')
    const name = local + localBytes
    const from = name + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    if (from + bytes > start || utf8Text(zip.subarray(name, name + view.getUint16(local + 26, true))) !== path)
      throw new Fault(path, 'the file is another than the table of contents says')
    files.set(path, zip.subarray(from, from + bytes))
    covered += from + bytes - local
    at += centralBytes + lengths[0] + lengths[1] + lengths[2]
  }
  // Bytes that belong to no file could be read by somebody who looks for headers.
  if (at !== end || covered !== start) throw new Fault('', 'the zip holds bytes that belong to none of its files')
  return files
}
