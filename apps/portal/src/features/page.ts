import type { TablerIcon } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Needed } from '../rights.ts'
import type { WingName } from '../wings.ts'

/** A page behind the entrance. */
export interface Page {
  /** `$name` stands for a part of the address: `/exchange/releases/$release`. */
  readonly path: string
  readonly wing: WingName
  /** The page is called `page.<name>` in `i18n/<language>.json`. */
  readonly name: string
  readonly needed: Needed
  readonly icon: TablerIcon
  /** Whether the navigation and the palette show it. Pages with a `$` never do: one comes to them from a list, a link or an id. */
  readonly nav: boolean
  /** The kind of object, in the ledger's words, that the page shows; the `$` of its path is the object's id. */
  readonly object?: string
  /** The catalogue that comes with the page: `<wing>.<capability>` for `features/<wing>/<capability>/words.<language>.json`. More than one where it shows pieces of another's. */
  readonly words: string | readonly string[]
  readonly lazy: () => Promise<ComponentType>
}
