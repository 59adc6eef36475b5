/** Writes the API description: `node openapi.js FILE`. */
import { writeFile } from 'node:fs/promises'
import { openApi } from '@gatehouse/runtime/edge/openapi'
import { apiInfo } from './info.ts'
import { operations } from './modules.ts'

const file = process.argv[2]
if (file === undefined) {
  console.error('usage: openapi FILE')
  process.exit(2)
}
await writeFile(file, `${JSON.stringify(openApi(operations, apiInfo), null, 2)}\n`)
