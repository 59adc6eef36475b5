/** A package that says it is o1js and never ends loading: for what happens around a proof that is under way. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { o1jsVersion } from '../kimchi/o1js.ts'

/** @returns the folder that GATEHOUSE_O1JS would name; whoever asked removes it */
export async function endlessO1js(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-o1js-'))
  const place = join(folder, 'node_modules', 'o1js')
  await mkdir(join(place, 'dist', 'node'), { recursive: true })
  await writeFile(join(place, 'package.json'), JSON.stringify({ name: 'o1js', version: o1jsVersion, type: 'module', main: 'dist/node/index.cjs' }))
  await writeFile(join(place, 'dist', 'node', 'index.cjs'), '')
  await writeFile(join(place, 'dist', 'node', 'index.js'), 'setInterval(() => {}, 1000)\nawait new Promise(() => {})\n')
  return folder
}
