/** The programs of this checkout, as arguments for Node. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * Compiled under `npm test`, which builds first and says so: a compiled node starts with half the work. From source where a file
 * of tests is run by hand, so that nobody tests yesterday's build.
 */
export function programOf(app: 'cli' | 'server' | 'verify'): string[] {
  if (process.env.GATEHOUSE_TEST_BUILT === '1') return [join(root, 'apps', app, 'dist', app === 'verify' ? '' : 'bundle', 'main.js')]
  return ['--conditions=source', '--import', import.meta.resolve('tsx'), join(root, 'apps', app, 'main.ts')]
}

export interface Typed {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command as somebody types it at a node, with nothing of this process's environment. */
export function typed(home: string, args: readonly string[], cwd = root): Promise<Typed> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...programOf('cli'), '--home', home, ...args], { cwd, env: { PATH: process.env.PATH } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}
