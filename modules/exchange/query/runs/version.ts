import { createRequire } from 'node:module'

/** The release of Gatehouse that carries runs out; kept with each. */
export const codeVersion: string = (createRequire(import.meta.url)('@gatehouse/modules/package.json') as { version: string }).version
