/** What a report tells. Figures, names of columns and of rules; values of records only where a waterfall was made to show them. */
import type { BlockingReport } from '../block/report.ts'
import type { GroupMeasures } from '../evaluate/by-group.ts'
import type { Calibration } from '../evaluate/calibration.ts'
import type { ClusterMeasures } from '../evaluate/clusters.ts'
import type { Curve } from '../evaluate/curve.ts'
import type { LinkError, LinkErrors } from '../evaluate/errors.ts'
import type { LinkMeasures, Measures } from '../evaluate/measures.ts'
import type { Waterfall } from '../explain/waterfall.ts'
import type { LevelWeight } from '../explain/weights-chart.ts'

export interface LinkReport {
  readonly title: string
  /** When it was linked; RFC 3339. */
  readonly at?: string
  readonly sources: readonly { readonly name: string; readonly records: number }[]
  /** Content hash of the model. */
  readonly modelHash?: string
  readonly seed: number
  /** Values that could not be taken for what their column holds. */
  readonly refused: readonly { readonly column: string; readonly because: string; readonly count: number }[]
  readonly blocking: BlockingReport
  readonly levels: readonly LevelWeight[]
  /** Bits for two records picked at random. */
  readonly prior: number
  readonly warnings: readonly string[]
  readonly links: LinkFigures
  readonly clusters: ClusterFigures
  readonly examples: readonly ReportExample[]
  readonly truth?: TruthFigures
}

export interface LinkFigures {
  /** The least probability of a link. */
  readonly atLeast: number
  readonly count: number
  /** The sum of what the links' probabilities lack: how many are expected to be wrong. */
  readonly expectedFalse: number
  /** Links by weight in whole bits, rising; those under the threshold that were scored too. */
  readonly byWeight: readonly { readonly bits: number; readonly count: number; readonly linked: boolean }[]
}

export interface ClusterFigures {
  readonly method: string
  readonly count: number
  /** How many clusters there are of each size, rising. */
  readonly sizes: readonly { readonly size: number; readonly count: number }[]
  readonly refused: ReadonlyMap<string, number>
}

export interface ReportExample {
  readonly why: string
  /** Where the records stand: "gp, row 12 – hospital, row 90". */
  readonly place: string
  readonly fall: Waterfall
}

export interface TruthFigures {
  readonly links: LinkMeasures
  readonly clusters?: ClusterMeasures
  readonly thresholds: readonly (Measures & { readonly atLeast: number })[]
  readonly curve: Curve
  readonly calibration: Calibration
  /** What the groups are of: a column's name. */
  readonly by?: string
  readonly groups?: readonly GroupMeasures[]
  readonly missed: LinkErrors['missed']
  readonly errors: readonly (ReportExample & Pick<LinkError, 'kind'>)[]
}
