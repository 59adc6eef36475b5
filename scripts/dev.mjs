/** `npm run dev`: the node from its sources, restarted at every change, and the portal rebuilt beside it. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkNode, ensureInstalled, root } from './install.mjs'

checkNode()
await ensureInstalled('all')

const children = []
const start = (args, cwd) => children.push(spawn(process.execPath, args, { cwd, stdio: 'inherit' }))

const portal = join(root, 'apps', 'portal')
if (existsSync(join(portal, 'index.html'))) start([join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--watch', '--logLevel', 'warn'], portal)
start(['--watch', '--conditions=source', '--import', 'tsx', 'apps/server/main.ts', ...process.argv.slice(2)], root)

// A terminal's Ctrl-C reaches the children too; this process waits until the last one has ended.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => {
  for (const child of children) child.kill('SIGTERM')
})
