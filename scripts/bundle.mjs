/**
 * Makes of each program one file, and one of each part that it loads only when it is asked for. What a start costs is the number of files that
 * are found, opened and linked: a node of 3,900 of them takes twice the work of one of a dozen.
 *
 * Nothing is renamed, so that what is thrown names its function. The compiled modules stay where they are: threads, further processes and
 * plug-ins load from there.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { rolldown } from 'rolldown'
import { root } from './install.mjs'

const workspaces = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references.map(({ path }) => join(root, path, 'package.json'))
const installed = new Set(workspaces.filter(existsSync).flatMap((file) => Object.keys(JSON.parse(readFileSync(file, 'utf8')).dependencies ?? {})))

/** A package that no workspace depends on is brought by the operator, later perhaps; one is a binary. Both are looked for when the program runs. */
const staysApart = {
  name: 'stays-apart',
  resolveId: {
    filter: { id: /^[@a-z]/ },
    handler(id, importer) {
      const name = /^(@[^/]+\/)?[^/]+/.exec(id)[0]
      if (name === '@node-rs/argon2') return { id, external: true }
      if (importer !== undefined && !importer.includes('node_modules') && !installed.has(name)) return { id, external: true }
    },
  },
}

/** A module knows where it lies, and with it its migrations and its processes: it goes on lying there. */
const whereItLay = (folder) => ({
  name: 'where-it-lay',
  transform: {
    filter: { id: { exclude: /^\0/ }, code: /import\.meta\.(dirname|filename|url)/ },
    handler(code, id) {
      const at = (path) => `new URL(${JSON.stringify(relative(folder, path))}, import.meta.url)`
      const path = (url) => `process.getBuiltinModule('node:url').fileURLToPath(${url})`
      const places = { dirname: path(at(dirname(id))), filename: path(at(id)), url: `${at(id)}.href` }
      return { code: code.replace(/import\.meta\.(dirname|filename|url)\b/g, (_, place) => places[place]) }
    },
  },
})

for (const app of ['server', 'cli']) {
  const folder = join(root, 'apps', app, 'dist', 'bundle')
  const bundle = await rolldown({
    input: join(root, 'apps', app, 'dist', 'main.js'),
    platform: 'node',
    plugins: [staysApart, whereItLay(folder)],
  })
  // Names are those of the last time, and nothing is removed: a node that runs finds its parts.
  await bundle.write({ dir: folder, format: 'esm', comments: false, entryFileNames: 'main.js', chunkFileNames: '[name].js' })
  await bundle.close()
}
