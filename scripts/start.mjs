/** `npm start`: everything a first run needs, then the node, in this very process so that signals and exit status are the node's own. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { checkNode, ensureInstalled, root } from './install.mjs'

checkNode()
await ensureInstalled('run')
await build()

const main = join(root, 'apps', 'server', 'dist', 'bundle', 'main.js')
if (!existsSync(main)) {
  console.error(`The build made no ${main}. Run "npm run build -- --force" and read what it says.`)
  process.exit(1)
}
// The node reads its arguments as if it had been called directly.
process.argv[1] = main
await import(pathToFileURL(main).href)
