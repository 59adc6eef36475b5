import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Tests of processes and browsers take longest: they begin first, so that none is left for the end, when the other workers have nothing more to do. */
class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const early = ({ moduleId }: TestSpecification) => moduleId.includes('/test/e2e/')
    return [...sorted.filter(early), ...sorted.filter((file) => !early(file))]
  }
}

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'default'] } },
  test: {
    include: ['{libs,runtime,modules,apps,sdk,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/setup.ts'],
    // What hangs takes for ever; what only shares two cores with a browser and two databases should not fail for it.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // What the modules are made of is loaded once for each worker and not again for each of 370 files; nothing of it keeps what a test has done.
    isolate: false,
    // Most of the time a worker waits: for a loop, a process, a browser.
    maxWorkers: 4,
    sequence: { sequencer: ProcessesFirst },
    reporters: ['default'],
  },
})
