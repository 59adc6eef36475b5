/** `npm run openapi`: writes openapi/gatehouse.json from the operations, and the SDK's types from that. Both are committed. */
import { join } from 'node:path'
import { checkNode, ensureInstalled, root } from './install.mjs'
import { runOrExit } from './progress.mjs'

checkNode()
await ensureInstalled('all')
const description = join(root, 'openapi', 'gatehouse.json')
await runOrExit('Writing openapi/gatehouse.json', process.execPath, ['--conditions=source', '--import', 'tsx', 'apps/server/openapi.ts', description], {
  cwd: root,
})
const sdk = join(root, 'sdk', 'typescript')
// The generator needs the compiler's older JavaScript interface and so brings its own, in the SDK's folder.
const generator = join(sdk, 'node_modules', 'openapi-typescript', 'bin', 'cli.js')
await runOrExit('Writing sdk/typescript/generated/api.ts', process.execPath, [generator, description, '-o', join(sdk, 'generated', 'api.ts')], { cwd: sdk })
