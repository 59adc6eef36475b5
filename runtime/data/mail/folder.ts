/** Mail is off: letters lie in a folder of the instance as a mail program would open them (RFC 5322), and nothing leaves. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { checkLetter, type Mail } from './mail.ts'

/** Older ones make room. */
export const lettersKeptMax = 200

const from = 'gatehouse@localhost'

/** @param nowMs names the files, so that their order is that of the letters */
export function folderMail(directory: string, nowMs: () => number): Mail {
  const transport = createTransport({ streamTransport: true, buffer: true, disableFileAccess: true, disableUrlAccess: true })
  return {
    on: false,
    async send(letter) {
      const { to, subject, text } = checkLetter(letter)
      const { message } = await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await writeFile(join(directory, `${String(nowMs()).padStart(15, '0')}-${randomUUID()}.eml`), message as Buffer, { mode: 0o600 })
      const kept = (await readdir(directory)).filter((name) => name.endsWith('.eml')).sort()
      await Promise.all(kept.slice(0, Math.max(0, kept.length - lettersKeptMax)).map((name) => rm(join(directory, name), { force: true })))
      return 'kept'
    },
  }
}
