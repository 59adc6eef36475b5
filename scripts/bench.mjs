/** `npm run bench -- NAME`: runs one benchmark of `bench/` from its source; without a name it lists them. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { checkNode, ensureInstalled, root } from './install.mjs'
import { runOpenly } from './progress.mjs'

checkNode()
const names = existsSync(join(root, 'bench')) ? readdirSync(join(root, 'bench')).flatMap((file) => (/^[^.]+\.ts$/.test(file) ? [file.slice(0, -3)] : [])) : []
const [name, ...rest] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`There is no benchmark "${name}".`)
  console.log(`Usage: npm run bench -- NAME\n${names.map((known) => `  ${known}`).join('\n')}`)
  process.exit(name === undefined ? 0 : 1)
}
await ensureInstalled('all')
await build()
process.exitCode = await runOpenly(process.execPath, ['--expose-gc', '--conditions=source', '--import', 'tsx', join('bench', `${name}.ts`), ...rest], {
  cwd: root,
})
