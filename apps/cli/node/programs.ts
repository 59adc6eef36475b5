/** The other programs of this installation, as arguments for Node: compiled where this command is compiled, from source where it is not. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

const here = import.meta.dirname

/** The folder that holds the workspaces. */
export const root = rootOf(here)

const fromSource = !here.includes(join('cli', 'dist'))

export function programOf(app: 'server' | 'verify'): string[] {
  return fromSource
    ? ['--conditions=source', '--import', import.meta.resolve('tsx'), join(root, 'apps', app, 'main.ts')]
    : [join(root, 'apps', app, 'dist', app === 'server' ? 'bundle' : '', 'main.js')]
}

function rootOf(directory: string): string {
  if (existsSync(join(directory, 'package-lock.json')) || dirname(directory) === directory) return directory
  return rootOf(dirname(directory))
}
