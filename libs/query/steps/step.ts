/**
 * Steps are values: what is to be done with which inputs, as JSON without a name of a person or a key in it. The same step on the same
 * inputs gives the same rows, so a step whose output is there is not run again, and another node may run it.
 */
import type { FormName } from '@gatehouse/linkage/model/schema'
import type { PlanReport } from '@gatehouse/privacy/plan/run'
import type { Plan as TreatmentPlan } from '@gatehouse/privacy/plan/schema'
import type { FieldType } from '@gatehouse/tabular/field'
import type { Predicate } from '@gatehouse/tabular/predicate'
import type { DateOrder } from '@gatehouse/tabular/value'
import type { PlanAggregation, PlanElement, PlanLinkage, Preparation, QueryPlan } from '../plan/schema.ts'

/** An element as its source gives it. */
export interface ElementSpec extends Pick<PlanElement, 'name' | 'column' | 'source' | 'reduce'> {
  readonly type?: FieldType
  readonly dateOrder?: DateOrder
}

export interface KeyField {
  readonly column: string
  readonly form: FormName
  readonly order?: DateOrder
}

/** One pass of deterministic linkage; the id stands in tokens. */
export interface PassSpec {
  readonly id: string
  readonly fields: readonly KeyField[]
}

/** Of the id of whom a row is about, or of the key of its table. */
export interface RowDigests {
  readonly by: 'subject' | 'key'
  readonly columns: readonly string[]
}

export interface ExtractParams {
  readonly source: string
  readonly table: string
  /** What is read, and nothing else. */
  readonly columns: readonly string[]
  readonly where?: Predicate
  readonly rowsMax: number
  /** Holds the ids of people who may have objected; looked at before anything else is. */
  readonly subject?: string
  readonly prepare: readonly Preparation[]
  readonly elements: readonly ElementSpec[]
  readonly passes: readonly PassSpec[]
  /** Keys in clear, for evidence to be weighed; deterministic links have none. */
  readonly keys: readonly (KeyField & { readonly name: string })[]
  /** Where nothing is linked: by what the people of two rows are told apart, or else the rows. Absent where nothing of the table does. */
  readonly apart?: RowDigests
  /** Columns that name a row of the source, where evidence is weighed: what people decide is about rows. Without any the keys name it. */
  readonly rowKey?: readonly string[]
  /** Encodings in place of passes, where a linkage unit compares; see `encode.ts`. */
  readonly encode?: EncodeParams
  readonly pseudonyms: boolean
}

/** What people are told by, as it goes into an encoding. */
export interface EncodeParams {
  readonly keys: readonly (KeyField & { readonly name: string })[]
  readonly keysMin: number
}

/** What a node does to its part before it leaves: see `protect.ts`. */
export interface ProtectParams {
  /** The fewest people that a combination of quasi-identifiers may be about, and the part itself. */
  readonly floor: number
  /** How many passes tell the people of its rows apart; none where rows are told apart by the id of their subject, if at all. */
  readonly passes: number
  /** The quasi-identifiers of the source; empty where its holder has agreed to what is untreated. */
  readonly columns: Readonly<Record<string, Pick<PlanElement, 'hierarchy' | 'weight'>>>
  readonly suppressionLimit: number
}

export interface LinkParams {
  readonly sources: readonly string[]
  /** Sources of nodes that gave nothing: nobody is asked to be in them. */
  readonly absent?: readonly string[]
  readonly elements: readonly ElementSpec[]
  readonly linkage: PlanLinkage
  /** By the source, the party of the session whose it is. What came of the session is then the last input. */
  readonly parties?: Readonly<Record<string, string>>
}

/** In place of digests the numbers of items; see `session/steps.ts`. */
export interface NumberParams {
  readonly passes: number
}
export interface SealParams extends NumberParams {
  readonly source: string
}
/** For whom, and in which turn. */
export interface GatherParams {
  readonly party: string
  readonly turns: number
}
export interface TurnParams {
  readonly party: string
  /** Of this node, whose sealed items follow what was gathered. */
  readonly sources: readonly string[]
}

export interface WriteParams {
  readonly form: QueryPlan['form']
  readonly pseudonyms: boolean
}

/** How many rows of one source are meant; nothing comes out. */
export interface CountParams {
  readonly extract: ExtractParams
  readonly cohort?: Predicate
}

export type StepSpec =
  | { readonly id: string; readonly kind: 'count'; readonly inputs: readonly string[]; readonly params: CountParams }
  | { readonly id: string; readonly kind: 'extract'; readonly inputs: readonly string[]; readonly params: ExtractParams }
  | { readonly id: string; readonly kind: 'encode'; readonly inputs: readonly string[]; readonly params: { readonly source: string } }
  | { readonly id: string; readonly kind: 'group'; readonly inputs: readonly string[]; readonly params: { readonly source: string } }
  | { readonly id: string; readonly kind: 'protect'; readonly inputs: readonly string[]; readonly params: ProtectParams }
  | { readonly id: string; readonly kind: 'number'; readonly inputs: readonly string[]; readonly params: NumberParams }
  | { readonly id: string; readonly kind: 'seal'; readonly inputs: readonly string[]; readonly params: SealParams }
  | { readonly id: string; readonly kind: 'gather'; readonly inputs: readonly string[]; readonly params: GatherParams }
  | { readonly id: string; readonly kind: 'turn'; readonly inputs: readonly string[]; readonly params: TurnParams }
  | { readonly id: string; readonly kind: 'meet'; readonly inputs: readonly string[]; readonly params: Pick<TurnParams, 'party'> }
  | { readonly id: string; readonly kind: 'link'; readonly inputs: readonly string[]; readonly params: LinkParams }
  | { readonly id: string; readonly kind: 'select'; readonly inputs: readonly string[]; readonly params: { readonly cohort: Predicate } }
  | { readonly id: string; readonly kind: 'treat'; readonly inputs: readonly string[]; readonly params: { readonly plan: TreatmentPlan } }
  | { readonly id: string; readonly kind: 'aggregate'; readonly inputs: readonly string[]; readonly params: PlanAggregation }
  | { readonly id: string; readonly kind: 'write'; readonly inputs: readonly string[]; readonly params: WriteParams }

export type StepKind = StepSpec['kind']

/** What is done within a step to the rows of one source, each told by itself. */
export const stageKinds = ['extract', 'exclude', 'prepare', 'tokenise'] as const

/** What became of the values of one column, in the rows that stayed. */
export interface ColumnFacts {
  /** Values that are others than before, those suppressed counted. */
  readonly changed: number
  /** Values of which nothing is left. */
  readonly suppressed: number
  /** 0 untouched to 1 nothing left; of what a treatment coarsened. */
  readonly loss?: number
}

export interface StageFacts {
  readonly kind: StepKind | (typeof stageKinds)[number]
  readonly rows_in: number
  readonly rows_out: number
  /** Values that are others than before; of rows that went, none is counted. */
  readonly cells_changed: number
  /** Why how many rows or values were lost or changed, by a word. */
  readonly reasons: Readonly<Record<string, number>>
  /** Those of which any value became another, or that a treatment looked at. */
  readonly columns?: Readonly<Record<string, ColumnFacts>>
}

export interface StepFacts extends StageFacts {
  readonly stages?: readonly StageFacts[]
  /** Highest risk of a row, before and after treatment. */
  readonly risk?: { readonly before: number; readonly after?: number }
  /** How far each quasi-identifier was coarsened before it left its node. */
  readonly levels?: Readonly<Record<string, number>>
  /** How many items a source gives to a session. */
  readonly items?: number
  /** That a turn of a session was the same for all items. */
  readonly proof?: string
  /** 0 untouched to 1 nothing left. */
  readonly loss?: number
  readonly report?: PlanReport
  /** Nothing comes out, for this reason; the facts are those up to there. */
  readonly refused?: string
}

/** A check of the plan says that the run ends here. */
export class StepStop extends Error {
  override readonly name = 'StepStop'
  readonly code: 'check_failed' | 'unfit_table' | 'too_large' | 'session_broken'

  constructor(code: StepStop['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Columns between the steps have names that no element can have, and are in no result. */
export const hidden = {
  /** The person's digest, first and second 48 bits. */
  high: '#high',
  low: '#low',
  /** The pseudonym. */
  token: '#token',
  /** What the row is called where people decide about it. */
  name: '#name',
  /** The encoding that a linkage unit compares. */
  clk: '#clk',
  row: '#row',
  sealed: '#sealed',
  turned: '#turned',
  passHigh: (pass: number) => `#high${pass}`,
  passLow: (pass: number) => `#low${pass}`,
  key: (name: string) => `#key_${name}`,
} as const

export const isHidden = (name: string): boolean => name.startsWith('#')
