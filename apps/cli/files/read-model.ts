/** A linkage model from its file. */
import { readFile } from 'node:fs/promises'
import { parseModel } from '@gatehouse/linkage/model/define'
import type { Model } from '@gatehouse/linkage/model/schema'
import { about } from './linkage-fault.ts'
import { parseJson } from './read-plan.ts'
import { TableError } from './table-error.ts'

/**
 * A model that is not trained takes the kind of linkage from the command; a trained one must be of that kind, for its prior is.
 * @throws TableError `no_such_file`, `not_json`, `bad_model` and what else can be wrong with a model
 */
export async function readModel(path: string, link: Model['link']): Promise<Model> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new TableError('no_such_file', path, 'the model cannot be read; "gatehouse link … --draft" drafts one', undefined, { cause })
  })
  const model = about(path, () => parseModel(parseJson(path, text)))
  if (model.link === link || model.training === undefined) return { ...model, link }
  throw new TableError(
    'bad_model',
    path,
    `the model was trained to ${inWords[model.link]}, and this is to ${inWords[link]}; take "training" out to train it anew`,
  )
}

const inWords: Readonly<Record<Model['link'], string>> = {
  dedupe: 'find one person’s records within sources',
  link: 'link between sources',
  both: 'link within and between sources',
}
