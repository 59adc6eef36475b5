/** Preloaded into dependency-cruiser, which asks its parser for TypeScript without JSX: the portal's pages are TypeScript with it. */
import { createRequire } from 'node:module'

const swc = createRequire(import.meta.url)('@swc/core')
const { parseFileSync } = swc
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') })
