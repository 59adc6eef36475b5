#!/usr/bin/env node
/** The command's beginning: plain JavaScript, so that it can say what is missing before anything is built. */
import { existsSync } from 'node:fs'

const main = new URL('./dist/bundle/main.js', import.meta.url)
if (!existsSync(main)) {
  console.error('The gatehouse command is not built yet. Run "npm start" once in this folder (it installs, builds and starts the node), or "npm run build".')
  process.exit(1)
}
await import(main.href)
