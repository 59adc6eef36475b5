/** ES modules that the operator names, loaded once at the start: code that runs with all that the node may do. */
import { pathToFileURL } from 'node:url'
import { ConfigError } from './config.ts'

export interface Plugin {
  /** As the operator wrote it. */
  readonly from: string
  /** The module's default export; what it has to be is said by whoever uses it. */
  readonly value: unknown
}

/**
 * @param variable what the operator set, for the words of a fault
 * @throws ConfigError for a module that cannot be loaded: a node without what it was told to have does not start
 */
export function loadPlugins(variable: string, names: readonly string[]): Promise<Plugin[]> {
  return Promise.all(
    names.map(async (from) => {
      try {
        const loaded: { default?: unknown } = await import(from.startsWith('/') ? pathToFileURL(from).href : from)
        return { from, value: loaded.default }
      } catch (error) {
        throw new ConfigError(`${variable}: ${from} could not be loaded: ${error instanceof Error ? error.message : 'it threw no error'}`)
      }
    }),
  )
}
