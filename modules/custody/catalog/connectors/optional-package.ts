/** A client that only some nodes need: an optional install, loaded when a source of its kind is opened. */
import { ConnectorError, type OptionalPackage } from './connector.ts'
import { say } from './words.ts'

export interface LoadedPackage<T> extends OptionalPackage {
  /** @throws ConnectorError `not_installed` that names the line */
  load(): Promise<T>
}

export function optionalPackage<T>(line: string, load: () => Promise<T>): LoadedPackage<T> {
  return {
    line,
    missing: () =>
      load().then(
        () => false,
        () => true,
      ),
    load: () =>
      load().catch((cause: unknown) => {
        throw new ConnectorError('not_installed', say('package_missing', { line }), cause)
      }),
  }
}
