/**
 * The walls of the house, one named rule each. The picture and the reasons stand in docs/architecture.md and
 * docs/decisions/0001-walls.md; a wall moves only with a decision there. test/walls.test.ts plants one violation per rule.
 */
const { wings } = require('./modules/order.json')

const tests = '[.]test[.]tsx?$|/testing/'
const decision = 'See docs/decisions/0001-walls.md.'

/** A rule that fails the build. */
const wall = (name, reason, from, to) => ({ name, severity: 'error', comment: `${reason} ${decision}`, from, to })

const folder = (...names) => `^(${names.join('|')})/`
const npm = (...names) => `node_modules/(${[...names, ...names.map((name) => `@types/${name}`)].join('|')})/`
const network = '^(node:)?(http|https|http2|net|tls|dgram|dns)($|/)'

/** The rooms of the runtime, each above the one before. */
const rooms = ['base', 'data', 'work', 'door', 'edge']

const roomsGoDown = rooms
  .slice(0, -1)
  .map((room, index) =>
    wall(
      `rooms-go-down-${room}`,
      `runtime/${room} stands below ${rooms.slice(index + 1).join(', ')}: what is below must work without knowing what is built on it.`,
      { path: `^runtime/${room}/`, pathNot: tests },
      { path: `^runtime/(${rooms.slice(index + 1).join('|')})/` },
    ),
  )

/** The folders of a wing's modules; a wing without modules is one module itself. */
const foldersOf = (wing) => (wing.modules.length === 0 ? [wing.name] : wing.modules.map((module) => `${wing.name}/${module}`))

/** For each module in order.json: everything it may import is named, everything else under modules/ is forbidden. */
const wingsGoDown = wings.flatMap((wing) => {
  const below = wings.filter(({ name }) => wing.restsOn.includes(name)).flatMap(foldersOf)
  return foldersOf(wing).map((module, index, siblings) =>
    wall(
      `wings-go-down-${module.replaceAll('/', '-')}`,
      `modules/${module} calls only what modules/order.json puts below it; a lower module tells an upper one by an event, never by a call.`,
      { path: `^modules/${module}/`, pathNot: tests },
      { path: '^modules/.+/', pathNot: `^modules/(${[...below, ...siblings.slice(0, index + 1)].join('|')}|node_modules)/` },
    ),
  )
})

const modulePath = `^modules/(${wings.map(({ name, modules }) => (modules.length === 0 ? name : `${name}/[^/]+`)).join('|')})/`

module.exports = {
  forbidden: [
    wall(
      'libs-are-pure',
      'A lib computes and nothing else, so that it runs in a browser, a worker and a test alike: no built-in module of Node. Only libs/crypto/node.ts brings the primitives of node:crypto.',
      { path: '^libs/', pathNot: `${tests}|^libs/crypto/node[.]ts$` },
      { dependencyTypes: ['core'] },
    ),
    wall('libs-are-the-ground', 'Nothing below knows what stands on it.', { path: '^libs/' }, { path: folder('runtime', 'modules', 'apps', 'sdk') }),
    wall(
      'runtime-knows-no-module',
      'The door is the same for every capability; it names none.',
      { path: '^runtime/' },
      { path: folder('modules', 'apps', 'sdk') },
    ),
    ...roomsGoDown,
    wall(
      'modules-know-no-edge',
      'A module cannot tell whether HTTP, a socket, a job or a test called it, so every way in passes the same checks.',
      { path: '^modules/', pathNot: tests },
      { path: '^runtime/edge/|^(apps|sdk)/' },
    ),
    wall(
      'egress-is-the-only-exit',
      'Everything that leaves passes runtime/data/egress, which holds the allow-list, verifies certificates and honours proxies.',
      { path: '^(runtime|modules|apps/server)/', pathNot: `${tests}|^runtime/data/egress([.]ts|/)|^runtime/edge/` },
      { path: `${network}|${npm('undici', 'node-fetch', 'axios', 'got')}` },
    ),
    ...wingsGoDown,
    wall(
      'through-the-face',
      'Another module is used through its index.ts only, so that its inside can change.',
      { path: modulePath, pathNot: tests },
      { path: modulePath, pathNot: '^modules/$1/|/index[.]ts$' },
    ),
    wall(
      'apps-through-the-face',
      'An app composes modules by their faces and their lists of operations.',
      { path: '^apps/', pathNot: tests },
      { path: modulePath, pathNot: '/(index|module)[.]ts$' },
    ),
    wall(
      'sql-only-in-store',
      'Whoever can write SQL can step around a tenant; so it stands where a reader expects it.',
      // The SQL of connectors is for databases of others, in which there is no tenant to step around.
      {
        path: folder('libs', 'runtime', 'modules', 'apps', 'sdk'),
        pathNot: `${tests}|/store[.]ts$|^runtime/(data|work)/|^modules/custody/catalog/connectors/`,
      },
      { path: npm('pg', 'kysely') },
    ),
    wall(
      'portal-only-sdk',
      'The portal sees what any client sees. It verifies evidence with the independent verifier.',
      { path: '^apps/portal/' },
      { path: '^(libs|runtime|modules|apps)/', pathNot: '^apps/(portal|verify)/' },
    ),
    wall(
      'verify-stands-alone',
      'A verifier that shares code with the writer shares its errors.',
      { path: '^apps/verify/', pathNot: tests },
      { pathNot: '^apps/verify/', dependencyTypesNot: ['core'] },
    ),
    wall(
      'sdk-stands-alone',
      'Clients install the SDK without the node.',
      { path: '^sdk/', pathNot: tests },
      { path: folder('libs', 'runtime', 'modules', 'apps') },
    ),
    wall('no-circular', 'Two files that need each other are one file, or hide a third.', {}, { circular: true }),
    wall(
      'no-orphans',
      'A file nobody imports is dead, or its entry is missing from the list in this rule.',
      {
        orphan: true,
        pathNot: `${tests}|[.]d[.]ts$|[.]json$|(^|/)(main|index|module|vite[.]config|openapi)[.]tsx?$|^apps/cli/bin[.]mjs$|^libs/|^sdk/typescript/generated/`,
      },
      {},
    ),
    wall(
      'resolvable',
      'An import that leads nowhere fails at run time, and no wall can judge it.',
      { pathNot: '^sdk/typescript/generated/' },
      { couldNotResolve: true },
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|[.]gatehouse)/' },
    // Packages of this house resolve to their sources, as in the tests.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
