/** o1js, where somebody has installed it: the one part of this program that is not in its one file. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CircuitVerifier } from '../consent/large-set.ts'

const version = '2.15.0'

/** Looked for in the folder that GATEHOUSE_O1JS names, and in none where it names none. Loaded when it is asked, for that takes a second. */
export async function circuitVerifier(): Promise<CircuitVerifier | undefined> {
  const folder = process.env.GATEHOUSE_O1JS
  if (folder === undefined || folder === '') return undefined
  try {
    const found = createRequire(pathToFileURL(join(folder, 'package.json'))).resolve('o1js')
    const about = JSON.parse(readFileSync(join(found, '..', '..', '..', 'package.json'), 'utf8')) as { version: string }
    if (about.version !== version) return undefined
    return async (proof, key) => {
      const { verify } = (await import(pathToFileURL(found.replace(/\.cjs$/, '.js')).href)) as { verify: CircuitVerifier }
      return verify(proof, key)
    }
  } catch {
    return undefined
  }
}
