import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'default'] } },
  test: {
    include: ['{libs,runtime,modules,apps,sdk,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/setup.ts'],
    // What hangs takes for ever; what only shares two cores with a browser and two databases should not fail for it.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // What the modules are made of is loaded once for each worker and not again for each of 370 files; nothing of it keeps what a test has done.
    isolate: false,
    // Most of the time a worker waits: for a loop, a process, a browser.
    maxWorkers: 3,
    reporters: ['default'],
  },
})
