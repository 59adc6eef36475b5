/** What plans, runs and results have in common, and the limits of all of them. */
import { idSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

export const limits = {
  plansPerProjectMax: 1_000,
  versionsPerPlanMax: 1_000,
  /** Runs of a project that wait or are under way. */
  openRunsMax: 20,
  schedulesPerProjectMax: 50,
  /** Rows that a page of a result has at most. */
  rowsPageMax: 1_000,
  /** Rows that a dry run reads of each source; a plan over more is tried on those. */
  dryRunRowsMax: 100_000,
  /** How long a dry run or a count may take. */
  trialMs: 60_000,
  /** How long a token for a download may be used, once. */
  downloadSeconds: 300,
  /** A file that has not left whole by then is broken off. */
  deliveryHoursMax: 6,
  /** Counts and trials of a project in a day, unless its settings say otherwise. */
  questionsPerDayDefault: 1_000,
  questionsPerDayMax: 100_000,
  /** The fewest people that any figure may be about, unless more is asked for. */
  floorDefault: 10,
  floorMax: 1_000,
  /** What differential privacy may spend in a project, unless it is given more. */
  epsilonDefault: 1,
  epsilonMax: 100,
  /** Each is told of in an entry of their own, within one transaction. */
  reidentifiedMax: 200,
  /** How long an answer waits for the two who asked. */
  answerSeconds: 3_600,
  searchMsMax: 1_800_000,
  /** Earlier released results that a new one is compared with. */
  cohortsComparedMax: 200,
} as const

/** Figures are rounded to this, so that two of them subtracted tell of nobody. */
export const countBase = 5

export const inputOfProject = z.strictObject({ project: idSchema('project') })

/** Everything here is asked within the project: its end, a suspension and a membership that is taken back reach all of it. */
export const inProject = (type: string) => (input: { readonly project: string }) => ({ type, scope: { kind: 'project' as const, id: input.project } })

export const exampleProject = '0198c1de-7b3a-7c4d-8e5f-000000000001'

/** A figure as it may be seen: rounded to 5, and null where it is about too few people. */
export const toldCount = z.int().nullable().describe('Rounded to 5; null where it is about fewer people than the floor')

/** A figure after disclosure control: nothing is told of few people, nor of none, nor by the difference of two figures. */
export function told(count: number, floor: number): number | null {
  return count < floor ? null : Math.round(count / countBase) * countBase
}

/** Of what was changed or taken out: that it was nothing tells of nobody. */
export const toldChange = (count: number, floor: number): number | null => (count === 0 ? 0 : told(count, floor))
