/** The machine the command runs on: its files, its network, its cryptography. */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { closeSync, createReadStream, fstatSync, openSync, readFileSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Cryptography } from '../cryptography.ts'
import { toHex, utf8Text } from '../encoding.ts'
import type { LogSource } from '../log/source.ts'
import { CannotTell, Fault } from '../report.ts'

/** Making a key costs more than a signature; a log has one key, a vault a handful. */
const publicKeys = new Map<string, KeyObject>()
const publicKeysMax = 1_000

export const nodeCryptography: Cryptography = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  sha512: (data) => hash('sha512', data, 'buffer'),
  verifyEd25519(publicKey, message, signature) {
    const name = toHex(publicKey)
    const x = Buffer.from(publicKey).toString('base64url')
    const key = publicKeys.get(name) ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    if (publicKeys.size < publicKeysMax) publicKeys.set(name, key)
    return verify(null, message, key, signature)
  },
}

export async function readBytes(path: string, bytesMax: number): Promise<Uint8Array> {
  const found = await stat(path).catch((error: unknown) => {
    throw new CannotTell(error instanceof Error ? error.message : String(error))
  })
  if (!found.isFile()) throw new CannotTell(`${path} is no file`)
  if (found.size > bytesMax) throw new CannotTell(`${path} has ${found.size} bytes; at most ${bytesMax} are read`)
  return readFile(path).catch((error: unknown) => {
    throw new CannotTell(error instanceof Error ? error.message : String(error))
  })
}

export async function readText(path: string, bytesMax: number): Promise<string> {
  const text = utf8Text(await readBytes(path, bytesMax))
  if (text === undefined) throw new CannotTell(`${path} is not UTF-8 text`)
  return text
}

/** Line by line, so that a file may be larger than memory. Of a folder the `*.ndjson` files in the order of their names. */
export async function* readLines(path: string, lineBytesMax: number): AsyncGenerator<{ text: string; place: string }> {
  const found = await stat(path).catch((error: unknown) => {
    throw new CannotTell(error instanceof Error ? error.message : String(error))
  })
  const files = found.isDirectory() ? (await readdir(path)).filter((name) => name.endsWith('.ndjson')).sort() : [path]
  if (files.length === 0) throw new CannotTell(`${path} holds no *.ndjson file`)
  for (const name of files) {
    let number = 0
    for await (const bytes of splitLines(createReadStream(found.isDirectory() ? join(path, name) : name), lineBytesMax, name)) {
      number++
      const text = utf8Text(bytes)
      if (text === undefined) throw new Fault(`${basename(name)} line ${number}`, 'not UTF-8 text')
      yield { text, place: `${basename(name)} line ${number}` }
    }
  }
}

async function* splitLines(chunks: AsyncIterable<Uint8Array>, lineBytesMax: number, name: string): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0)
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.subarray(0, end)
      rest = rest.subarray(end + 1)
    }
    if (rest.length > lineBytesMax) throw new CannotTell(`${name} has a line of more than ${lineBytesMax} bytes`)
  }
  if (rest.length > 0) yield rest
}

export function openLog(place: string): LogSource {
  return /^https?:\/\//.test(place) ? httpLog(place) : folderLog(place)
}

function folderLog(folder: string): LogSource {
  return {
    name: folder,
    // Synchronous, because a log is thousands of small files and waiting for each costs more than reading it.
    async read(path, bytesMax) {
      try {
        const file = openSync(join(folder, path), 'r')
        try {
          const { size } = fstatSync(file)
          if (size > bytesMax) throw new Fault(path, `the file has ${size} bytes; at most ${bytesMax} are allowed`)
          return readFileSync(file)
        } finally {
          closeSync(file)
        }
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
        if (error instanceof Fault) throw error
        throw new CannotTell(`${path} cannot be read: ${(error as Error).message}`)
      }
    },
  }
}

const patienceMs = 30_000

function httpLog(address: string): LogSource {
  const base = address.endsWith('/') ? address : `${address}/`
  return {
    name: address,
    async read(path, bytesMax) {
      try {
        const answer = await fetch(new URL(path, base), { signal: AbortSignal.timeout(patienceMs), redirect: 'error' })
        if (answer.status === 404 || answer.status === 410) return undefined
        if (!answer.ok || answer.body === null) throw new CannotTell(`${base}${path} answers ${answer.status}`)
        return await take(answer.body, path, bytesMax)
      } catch (error) {
        if (error instanceof Fault || error instanceof CannotTell) throw error
        const { cause } = error as Error
        throw new CannotTell(`${base}${path} cannot be fetched: ${cause instanceof Error ? cause.message : (error as Error).message}`)
      }
    },
  }
}

/** Stops reading where more comes than may. */
async function take(body: ReadableStream<Uint8Array>, path: string, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    length += part.length
    if (length > bytesMax) throw new Fault(path, `the file has more than the ${bytesMax} bytes that are allowed`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
