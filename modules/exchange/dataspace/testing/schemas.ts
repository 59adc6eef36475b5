/** The published schemas of the protocol, where the reference data is present. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2019 from 'ajv/dist/2019.js'

const folder = join(import.meta.dirname, '../../../../../shared/data/standards/dataspace-protocol')
const parts = ['catalog', 'common', 'negotiation', 'transfer']

export const published = existsSync(folder)

export interface SchemaCase {
  readonly name: string
  readonly schema: string
  readonly valid: boolean
  readonly instance: unknown
}

export const schemaCases = (): readonly SchemaCase[] => (published ? JSON.parse(readFileSync(join(folder, 'schema-cases.json'), 'utf8')) : [])

/** Examples beside the schemas, each with the schema it follows. */
export const examplesOf = (part: string): { name: string; instance: unknown }[] =>
  readdirSync(join(folder, part, 'example')).map((name) => ({ name, instance: JSON.parse(readFileSync(join(folder, part, 'example', name), 'utf8')) }))

const load = (): ((schema: string, instance: unknown) => string | undefined) => {
  const ajv = new Ajv2019.default({ strict: false, allErrors: true })
  for (const part of parts) {
    for (const name of readdirSync(join(folder, part)).filter((file) => file.endsWith('.json'))) {
      // Three references lack the slash that a pointer begins with.
      const text = readFileSync(join(folder, part, name), 'utf8').replaceAll('.json#definitions/', '.json#/definitions/')
      ajv.addSchema(JSON.parse(text))
    }
  }
  return (schema, instance) => {
    const validate = ajv.getSchema(`https://w3id.org/dspace/2025/1/${schema}`)
    if (validate === undefined) throw new TypeError(`no schema ${schema}`)
    return validate(instance) ? undefined : ajv.errorsText(validate.errors)
  }
}

let loaded: ReturnType<typeof load> | undefined
/** @returns what is wrong with it, or nothing; nothing at all where the schemas are not present */
export function faultsOf(schema: string, instance: unknown): string | undefined {
  if (!published) return undefined
  loaded ??= load()
  return loaded(schema, instance)
}

const fileOf: Readonly<Record<string, string>> = {
  Catalog: 'catalog/catalog-schema.json',
  Dataset: 'catalog/dataset-schema.json',
  CatalogError: 'catalog/catalog-error-schema.json',
  CatalogRequestMessage: 'catalog/catalog-request-message-schema.json',
  ContractRequestMessage: 'negotiation/contract-request-message-schema.json',
  ContractOfferMessage: 'negotiation/contract-offer-message-schema.json',
  ContractAgreementMessage: 'negotiation/contract-agreement-message-schema.json',
  ContractAgreementVerificationMessage: 'negotiation/contract-agreement-verification-message-schema.json',
  ContractNegotiationEventMessage: 'negotiation/contract-negotiation-event-message-schema.json',
  ContractNegotiationTerminationMessage: 'negotiation/contract-negotiation-termination-message-schema.json',
  ContractNegotiation: 'negotiation/contract-negotiation-schema.json',
  ContractNegotiationError: 'negotiation/contract-negotiation-error-schema.json',
  TransferRequestMessage: 'transfer/transfer-request-message-schema.json',
  TransferStartMessage: 'transfer/transfer-start-message-schema.json',
  TransferSuspensionMessage: 'transfer/transfer-suspension-message-schema.json',
  TransferCompletionMessage: 'transfer/transfer-completion-message-schema.json',
  TransferTerminationMessage: 'transfer/transfer-termination-message-schema.json',
  TransferProcess: 'transfer/transfer-process-schema.json',
  TransferError: 'transfer/transfer-error-schema.json',
}

/** What is wrong with a message by the schema of its type. */
export function messageFaults(message: unknown): string | undefined {
  const type = String((message as { '@type'?: unknown } | null)?.['@type'])
  const schema = fileOf[type]
  return schema === undefined ? `there is no message ${type}` : faultsOf(schema, message)
}
