/** The door of the search: a table and what is asked of it in, the best treatment out. */
import type { Dataset } from '@gatehouse/tabular/dataset'
import { kAnonymity } from '../model/k-anonymity.ts'
import { TreatmentError } from './error.ts'
import { type PlannedQuestion, planQuestion, planTable, type Question, type TreatOptions } from './options.ts'
import { Session } from './session.ts'
import { type Treatment, treatmentOf } from './treatment.ts'

/**
 * Generalises and suppresses until all models hold and as little as possible is lost.
 *
 * Of all nodes that meet the models with at most floor(limit x rows) suppressed rows, the answer is the one with the lowest value;
 * of values within 1e-12 of each other (relative) the one with the lowest level sum, then the lexicographically first.
 *
 * @throws TreatmentError, ModelError or HierarchyError; each says what is wrong, where, and how to mend it
 */
export function treat(dataset: Dataset, options: TreatOptions): Treatment {
  const planned = planTable(dataset, options)
  const question = planQuestion(planned, options)
  const session = new Session(planned, askedAttributes(question))
  return treatmentOf(planned, session, question, session.answerOnce(question))
}

/** Questions about the table may name other models; `k` is short for another size of k-anonymity among those of the last question. */
export type NextQuestion = Partial<Question> & { readonly k?: number }

export interface Search {
  /** Answers from facts already gathered where they suffice; `evaluated` of the answer says how many nodes they did not. */
  ask(change?: NextQuestion): Treatment
}

export interface PrepareOptions extends TreatOptions {
  /** `all` looks at every node at the first question, so that later ones need no pass over the data; `some` (the default) at what each needs. */
  readonly facts?: 'some' | 'all'
  /** The largest class size later questions may ask without looking at nodes again; 100 unless told. */
  readonly kMax?: number
}

/** Makes a table ready for several questions. What a question leaves out is as in `options`. */
export function prepare(dataset: Dataset, options: PrepareOptions): Search {
  const planned = planTable(dataset, options)
  planQuestion(planned, options)
  const { facts = 'some', kMax = 100 } = options
  if (!Number.isSafeInteger(kMax) || kMax < 1) throw new TreatmentError('bad_option', 'kMax is a whole number from 1')
  const sessions = new Map<string, Session>()
  return {
    ask(change = {}) {
      const { k, ...rest } = change
      const asked: Question = { ...options, ...rest }
      const models = k === undefined ? asked.models : [...asked.models.filter((model) => !/^\d+-anonymity$/.test(model.name)), kAnonymity(k)]
      const question = planQuestion(planned, { ...asked, models })
      const attributes = askedAttributes(question)
      const key = JSON.stringify(attributes)
      const session = sessions.get(key) ?? new Session(planned, attributes)
      sessions.set(key, session)
      return treatmentOf(planned, session, question, session.answer(question, kMax, facts === 'all'))
    },
  }
}

function askedAttributes(question: PlannedQuestion): string[] {
  return [...new Set([...question.models.flatMap((model) => model.attributes), ...question.quality.attributes])].sort()
}
