import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'

const firstLoadBytesMax = 250_000

/** Fails the build when the script that a first visit loads has grown beyond what a slow connection should carry. */
function firstLoadBudget(): Plugin {
  return {
    name: 'first-load-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const wanted = new Set<string>()
      const add = (name: string) => {
        const chunk = bundle[name]
        if (chunk?.type !== 'chunk' || wanted.has(name)) return
        wanted.add(name)
        for (const imported of chunk.imports) add(imported)
      }
      for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) add(chunk.fileName)
      const bytes = [...wanted].reduce((sum, name) => {
        const chunk = bundle[name]
        return chunk?.type === 'chunk' ? sum + gzipSync(chunk.code).length : sum
      }, 0)
      const text = `first load: ${(bytes / 1000).toFixed(0)} kB of script gzipped, at most ${firstLoadBytesMax / 1000}`
      if (bytes > firstLoadBytesMax) this.error(text)
      this.info(text)
    },
  }
}

export default defineConfig({
  // Pages have addresses of several parts, so files are named from the root.
  base: '/',
  plugins: [react(), firstLoadBudget()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  // Nothing is inlined, so that the content security policy needs no exception; the budget above watches the size.
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        // What every visit loads is one file, where it would be sixty; what several pages share is in few.
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'] },
            { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 20_000 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:5000' } },
})
