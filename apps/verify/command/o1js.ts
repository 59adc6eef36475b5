/** o1js, where somebody has installed it: the one part of this program that is not in its one file. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CircuitVerifier } from '../consent/large-set.ts'
import { CannotTell } from '../report.ts'

const version = '2.15.0'

/** Looked for in the folder that GATEHOUSE_O1JS names, and in none where it names none. Loaded when it is asked, for that takes a second. */
export async function circuitVerifier(): Promise<CircuitVerifier | undefined> {
  const folder = process.env.GATEHOUSE_O1JS
  if (folder === undefined || folder === '') return undefined
  try {
    const found = createRequire(pathToFileURL(join(folder, 'package.json'))).resolve('o1js')
    const about = JSON.parse(readFileSync(join(found, '..', '..', '..', 'package.json'), 'utf8')) as { version: string }
    if (about.version !== version) return undefined
    return async (proof, key) => (await load(found)).verify(proof, key)
  } catch {
    return undefined
  }
}

interface O1js {
  readonly verify: CircuitVerifier
  setBackend(backend: 'native'): void
}

/** Its add-on, where the system has one, is three times as fast as its WebAssembly, and computes the same. */
async function load(found: string): Promise<O1js> {
  try {
    const o1js = (await import(pathToFileURL(found.replace(/\.cjs$/, '.js')).href)) as O1js
    if (hasAddOn(found)) o1js.setBackend('native')
    return o1js
  } catch {
    throw new CannotTell('o1js 2.15.0 stands in the folder that GATEHOUSE_O1JS names, and cannot be loaded: install it anew')
  }
}

function hasAddOn(found: string): boolean {
  try {
    createRequire(found)(`@o1js/native-${process.platform}-${process.arch}`)
    return true
  } catch {
    return false
  }
}
