/** Finds where the node of this checkout keeps its credential. Only looks: what is not there was never started here. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { root } from './programs.ts'

/** What `npm start` leaves for commands on the same machine; readable for the node's own user only. */
export interface Credential {
  readonly origin: string
  readonly exchange?: { readonly host: string; readonly port: number; readonly fingerprint: string }
  readonly key: string
}

/** Root's nodes lie apart from the checkout, in a folder whose name the checkout remembers. */
const systemDir = '/var/lib/gatehouse'

export async function homeOf(explicit: string | undefined): Promise<string> {
  if (explicit !== undefined && explicit !== '') return resolve(root, explicit)
  const local = join(root, '.gatehouse')
  if (process.getuid?.() !== 0) return local
  const id = await readFile(join(local, 'instance'), 'utf8').catch(() => undefined)
  return id === undefined ? local : join(systemDir, id.trim())
}

/** @returns `undefined` where no node has run yet. @throws Error when there is a credential that this user cannot read */
export async function readCredential(home: string): Promise<Credential | undefined> {
  const path = join(home, 'credential.json')
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Credential
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'EACCES') throw new Error(`This user may not read ${path}. Run the command as the user who started the node.`, { cause })
    throw new Error(`${path} cannot be read. Start the node again: it writes the file anew.`, { cause })
  }
}

/** The node's own certificate, where it made one: what a connection to this machine may trust, and nothing else. */
export async function ownCertificate(home: string): Promise<string | undefined> {
  const pem = await readFile(join(home, 'keys', 'exchange.pem'), 'utf8').catch(() => undefined)
  return pem?.slice(0, pem.indexOf('-----BEGIN PRIVATE KEY-----'))
}
