import { type Command, InvalidArgumentError } from 'commander'
import { makeTokens, type SchemeName, schemeNames } from '../files/make-tokens.ts'
import { count, several } from '../terminal/output.ts'
import { act, collect } from './act.ts'
import { tellingFaults } from './telling-faults.ts'

interface Options {
  readonly scheme?: SchemeName[]
  readonly audience: string
  readonly keyFile: string
  readonly keyId: string
  readonly id?: string
  readonly out: string
}

export function addTokens(program: Command): void {
  program
    .command('tokens')
    .description('make FITtokens: the same person gives the same token within an audience, and nobody without the key learns who')
    .argument('<file>', 'CSV with a header, one JSON object per line, one JSON array, or Parquet')
    .requiredOption('--audience <name>', 'the project whose tokens join with one another and with no others')
    .requiredOption('--key-file <file>', 'the secret, at least 64 hexadecimal digits, readable for its owner only')
    .requiredOption('-o, --out <file>', 'where the tokens go; the ending tells the format')
    .option('--scheme <schemes>', `${schemeNames.join(', ')}, with commas; all that the columns allow`, schemes)
    .option('--key-id <name>', 'which key of the audience this is', 'k1')
    .option('--id <column>', 'write this column beside the row numbers')
    .action(
      act(async ({ out }, input: string, options: Options) => {
        await tellingFaults(out, async () => {
          const { out: output, scheme, ...rest } = options
          const made = await makeTokens({ input, output, ...(scheme === undefined ? {} : { schemes: scheme }), ...rest, show: !out.json })
          out.say(`Tokens of ${several(made.records, 'record')} in ${output}.`)
          out.say()
          out.table(
            ['scheme', 'tokens', 'without', 'mostly because'],
            made.schemes.map(({ scheme: name, tokens, without }) => [name, count(tokens), count(made.records - tokens), mostly(without)]),
          )
          out.say()
          out.say('Whoever has the key can try out every identifier there is: these are pseudonyms, not anonymous.')
          out.result({
            outcome: 'made',
            out: output,
            records: made.records,
            schemes: made.schemes.map(({ scheme: name, tokens, without }) => ({ scheme: name, tokens, without: Object.fromEntries(without) })),
          })
        })
      }),
    )
}

function schemes(value: string, before: readonly string[] = []): string[] {
  const names = collect(value, before)
  const unknown = names.find((name) => !schemeNames.some((known) => known === name))
  if (unknown !== undefined) throw new InvalidArgumentError(`There is no scheme of this name; there are ${schemeNames.join(', ')}.`)
  return names
}

function mostly(without: ReadonlyMap<string, number>): string | undefined {
  const [first] = [...without].sort(([, one], [, other]) => other - one)
  return first === undefined ? undefined : `${first[0]} (${count(first[1])})`
}
